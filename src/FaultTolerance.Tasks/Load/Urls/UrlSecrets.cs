using FaultTolerance.Load.Http;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Urls;

/// <summary>The API key and the headers of a service, from files or from the environment: a command line is read by others.</summary>
internal static class UrlSecrets
{
    /// <summary>The variable that holds the API key where no file is named.</summary>
    public const string KeyVariable = "FAULTMATRIX_API_KEY";

    /// <summary>The variable that holds header lines where no file is named; a line each.</summary>
    public const string HeadersVariable = "FAULTMATRIX_HEADERS";

    /// <summary>A file or variable of secrets cannot be used.</summary>
    internal const string Unusable = "FT0519";

    // What a header's name may hold beside letters and digits (RFC 9110).
    private const string Signs = "!#$%&'*+-.^_`|~";

    // These are the load's own: two of them in a request would mean nothing.
    private static readonly string[] Own =
        ["host", "content-length", "content-type", "connection", "accept", "accept-encoding", "transfer-encoding", "expect", "upgrade"];

    /// <summary>Reads what goes with every request.</summary>
    /// <param name="target">The service.</param>
    /// <param name="variable">The environment.</param>
    /// <exception cref="FaultMatrixException">FT0519: a file cannot be read, or a line is no header. No value is named.</exception>
    public static RequestHeaders Read(UrlTarget target, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(variable);
        var headers = new List<(string Name, string Value)>();
        var key = Text(target.ApiKeyFile, KeyVariable, variable, out var keyFrom).Trim();
        if (key.Length > 0)
        {
            MustBePlain(key, $"the API key of {keyFrom}", target.ApiKeyFile);
            headers.Add(("Authorization", $"Bearer {key}"));
        }

        var lines = Text(target.HeadersFile, HeadersVariable, variable, out var from);
        foreach (var (line, number) in lines.Split('\n').Select((line, i) => (line.Trim(), i + 1)))
        {
            if (line.Length == 0 || line.StartsWith('#'))
            {
                continue;
            }

            headers.Add(Header(line, $"line {number} of {from}", target.HeadersFile));
        }

        return headers.GroupBy(header => header.Name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw Bad($"the header '{twice.Key}' is given {twice.Count()} times", target.HeadersFile)
            : RequestHeaders.Of(headers);
    }

    private static (string Name, string Value) Header(string line, string place, string? file)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var name = colon > 0 ? line[..colon].Trim() : "";
        if (name.Length == 0 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || Signs.Contains(c, StringComparison.Ordinal)))
        {
            throw Bad($"{place} is no header; write 'Name: value'", file);
        }

        if (Own.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw Bad($"{place} gives '{name}', which the load sets itself; remove it", file);
        }

        var value = line[(colon + 1)..].Trim();
        MustBePlain(value, $"the value of '{name}' ({place})", file);
        return (name, value);
    }

    private static void MustBePlain(string value, string what, string? file)
    {
        if (value.Length == 0 || value.Any(c => c is < ' ' or > '~'))
        {
            throw Bad($"{what} must be one line of printable ASCII", file);
        }
    }

    private static string Text(string? file, string name, Func<string, string?> variable, out string from)
    {
        from = file is null ? $"the variable {name}" : $"'{Path.GetFileName(file)}'";
        try
        {
            return file is null ? variable(name) ?? "" : File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Bad($"{from} cannot be read: {e.Message}", file);
        }
    }

    private static FaultMatrixException Bad(string message, string? file) => new(Unusable, message) { File = file };
}
