using System.Globalization;

namespace FaultTolerance.StandIn.Hosting;

/// <summary>
/// Options of the form <c>--name value</c>, <c>--name=value</c> and <c>--flag</c>. Upstream's programs know many more options than
/// the stand-in has a use for, so unknown ones are kept in <see cref="Ignored"/> instead of being refused.
/// </summary>
internal sealed class CommandOptions
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];

    private CommandOptions(string program) => Program = program;

    private string Program { get; }

    /// <summary>The options that were given but mean nothing here, in order.</summary>
    public List<string> Ignored { get; } = [];

    /// <summary>Parses. <paramref name="flags"/> take no value; <paramref name="valued"/> must have one.</summary>
    public static CommandOptions Parse(string program, IReadOnlyList<string> arguments, string[] flags, string[] valued)
    {
        var options = new CommandOptions(program);
        for (var i = 0; i < arguments.Count; i++)
        {
            var equals = arguments[i].IndexOf('=', StringComparison.Ordinal);
            var name = equals > 0 ? arguments[i][..equals] : arguments[i];
            options._order.Add(name);
            if (flags.Contains(name, StringComparer.Ordinal))
            {
                options._values[name] = "true";
            }
            else if (!valued.Contains(name, StringComparer.Ordinal))
            {
                options.Ignored.Add(arguments[i]);
            }
            else if (equals > 0)
            {
                options._values[name] = arguments[i][(equals + 1)..];
            }
            else if (i + 1 < arguments.Count)
            {
                options._values[name] = arguments[++i];
            }
            else
            {
                throw new UsageException($"{program}: {name} needs a value");
            }
        }

        return options;
    }

    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>Which of an option's names was given last; the first where none was.</summary>
    public string LastOf(params string[] names) => _order.FindLast(names.Contains) ?? names[0];

    public string? Text(string name) => _values.GetValueOrDefault(name);

    /// <summary>A whole number between the bounds, or <paramref name="otherwise"/> where the option was not given.</summary>
    public int Number(string name, int otherwise, int least, int most)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new UsageException($"{Program}: {name} is '{text}', but must be a whole number from {least} to {most}");
    }
}
