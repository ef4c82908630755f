using System.Text.RegularExpressions;

namespace FaultTolerance.Results.Reading;

/// <summary>Which engine the pods of a service run: by the command in their YAML, whatever their folder is called.</summary>
internal static partial class PodEngine
{
    private const int MostBytes = 1024 * 1024;

    /// <summary>
    /// The engine, <c>vllm</c>, <c>sglang</c>, <c>trtllm</c>, <c>mocker</c> or <c>frontend</c>; null where no YAML says it.
    /// </summary>
    /// <param name="folder">The service's folder.</param>
    public static string? Of(string folder)
    {
        foreach (var file in Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal))
        {
            if (Read(file) is { } text && Module().Match(text) is { Success: true } module)
            {
                return module.Groups["engine"].Value;
            }
        }

        return null;
    }

    // A YAML that cannot be read says nothing of the engine; that it cannot is told where logs are looked for.
    private static string? Read(string file)
    {
        try
        {
            return new FileInfo(file).Length > MostBytes ? null : File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // As an item of a list, or within a shell's script.
    [GeneratedRegex(
        @"(?:-m[ ""']+|^\s*- [""']?)dynamo\.(?<engine>vllm|sglang|trtllm|mocker|frontend)\b",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        1000)]
    private static partial Regex Module();
}
