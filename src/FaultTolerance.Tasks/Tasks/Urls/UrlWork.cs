using System.Text.Json;
using System.Text.Json.Nodes;
using FaultMatrix.Shared;
using FaultTolerance.Artefacts;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks.Urls;

/// <summary>
/// What requests ask, given beside an address: prompts, a trace, lengths. The values are those of scenarios.json, and its reader reads
/// them; what is given takes the place of what the profile's load says.
/// </summary>
internal sealed class UrlWork
{
    /// <summary>An option is wrong, or does not go with another.</summary>
    public const string BadOption = "FT0125";

    private static readonly (string Metadata, string Key, string Option)[] Options =
    [
        ("Prompts", "prompts", "--prompts"), ("Trace", "trace", "--trace"), ("TraceSpeed", "traceSpeed", "--trace-speed"),
        ("InputTokens", "inputTokens", "--input-tokens"), ("OutputTokens", "outputTokens", "--output-tokens"),
    ];

    private readonly JsonObject _given = [];

    /// <summary>The options as the metadata of one item; none where there is no item.</summary>
    /// <exception cref="FaultMatrixException">FT0125: one is neither a number nor an object.</exception>
    public static UrlWork Of(ITaskItem? item)
    {
        var work = new UrlWork();
        foreach (var (metadata, key, option) in Options)
        {
            if (item?.GetMetadata(metadata) is { Length: > 0 } text)
            {
                work._given[key] = key is "prompts" or "trace" ? text : Value(option, text);
            }
        }

        return work;
    }

    /// <summary>Whether nothing was given.</summary>
    public bool IsEmpty => _given.Count == 0;

    /// <summary>The options that were given, for a message.</summary>
    public string Names => string.Join(", ", Options.Where(one => _given.ContainsKey(one.Key)).Select(one => one.Option));

    /// <summary>The load with what was given.</summary>
    /// <param name="load">The load of the profile.</param>
    /// <exception cref="ScenarioFileException">
    /// FT0125 with every option that is wrong; FT0240, FT0241: a file, or lines of it, are.
    /// </exception>
    public LoadSpec Over(LoadSpec load)
    {
        ArgumentNullException.ThrowIfNull(load);
        if (IsEmpty)
        {
            return load;
        }

        var context = new ReadContext(Path.GetFullPath("options"), PositionedJson.Read("{}"u8.ToArray()));
        var item = new ObjectReader(context, _given, "$");
        var before = Cleared(load, item);
        var changed = WorkSection.Read(item, before, checkFiles: true);
        Told(context);
        return changed is not { Continuity: true, IsUniform: false } ? changed : throw Refused(
            $"{Names}: the load '{load.Name}' compares streams, which it can where all prompts have one length; "
            + "choose another --load-profile");
    }

    // What is given says it all: of what the load says, nothing that contradicts it stays.
    private LoadSpec Cleared(LoadSpec load, ObjectReader item)
    {
        var (trace, prompts) = (_given.ContainsKey("trace"), _given.ContainsKey("prompts"));
        if (!load.Sweep.IsEmpty && (trace || Clashes(load.Sweep[0].Suffix)))
        {
            throw Refused($"{Names}: the load '{load.Name}' sweeps over what they say; choose another --load-profile");
        }

        if (load.Trace is not null && !trace)
        {
            throw Refused($"{Names}: the load '{load.Name}' replays a trace, which says what is asked; choose another --load-profile");
        }

        var input = LengthKey.Read(item, "inputTokens", load.InputTokens);
        var output = LengthKey.Read(item, "outputTokens", load.OutputTokens);
        var (keepsInput, keepsOutput) = (!_given.ContainsKey("inputTokens"), !_given.ContainsKey("outputTokens"));
        load = load with
        {
            InputTokens = input.Typical, InputLengths = keepsInput ? load.InputLengths : Spread(input),
            OutputTokens = output.Typical, OutputLengths = keepsOutput ? load.OutputLengths : Spread(output),
            Prompts = keepsInput ? load.Prompts : null,
        };
        load = prompts || trace ? load with { InputLengths = null, SharedPrefix = null, Sessions = null, Prompts = null } : load;
        return trace ? load with { Mode = LoadMode.Open, OutputLengths = null, Ramp = TimeSpan.Zero } : load;
    }

    private bool Clashes(string suffix) =>
        (suffix.StartsWith("in-", StringComparison.Ordinal) && (_given.ContainsKey("inputTokens") || _given.ContainsKey("prompts")))
        || (suffix.StartsWith("out-", StringComparison.Ordinal) && _given.ContainsKey("outputTokens"));

    private static Scenarios.Work.LengthSpec? Spread(Scenarios.Work.LengthSpec lengths) =>
        lengths.Kind == Scenarios.Work.LengthKind.Fixed ? null : lengths;

    private static JsonNode Value(string option, string text)
    {
        try
        {
            return JsonNode.Parse(text) is { } node and (JsonObject or JsonValue) ? node : throw new JsonException();
        }
        catch (JsonException)
        {
            throw Refused($"'{option}' is '{ForeignText.Line(text, 80)}', "
                + "which is neither a number nor an object as scenarios.json has it (docs/work.md)");
        }
    }

    // A message about a key is one about the option that gave it; what is wrong in a file is told with its line.
    private static void Told(ReadContext context)
    {
        try
        {
            context.ThrowIfAny();
        }
        catch (ScenarioFileException e)
        {
            throw new ScenarioFileException([.. e.Diagnostics.Select(fault => fault.File != context.File ? fault : Told(fault))]);
        }
    }

    private static Diagnostic Told(Diagnostic fault)
    {
        var (message, path) = (fault.Message, fault.Path ?? "");
        var own = Array.Find(Options, one => path == $"$.{one.Key}" || path.StartsWith($"$.{one.Key}.", StringComparison.Ordinal));
        message = Options.Aggregate(message, (text, one) => text.Replace($"'{one.Key}'", $"'{one.Option}'", StringComparison.Ordinal));
        var names = own.Option is null || message.StartsWith($"'{own.Option}'", StringComparison.Ordinal);
        return new Diagnostic(BadOption, Severity.Error, names ? message : $"{own.Option}: {message}");
    }

    private static FaultMatrixException Refused(string message) => new(BadOption, message);
}
