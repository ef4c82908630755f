using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FaultTolerance.Artefacts.Processes;

/// <summary>A process of a pod, as a line of <c>{Service}/{pod}.processes.jsonl</c>.</summary>
/// <param name="Pid">Its PID in its container.</param>
/// <param name="State">Its state letter; <c>Z</c> is dead already.</param>
/// <param name="Command">Its command line.</param>
internal sealed record PodProcess(int Pid, string State, string Command)
{
    /// <summary>Whether it does anything still.</summary>
    public bool IsAlive => State is not ("Z" or "X");
}

/// <summary>What ran in the main container of a pod when the row was collected.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="File">Where it stands.</param>
/// <param name="Shared">Whether they are those of the pod's node too, and so not to be counted.</param>
/// <param name="All">The processes.</param>
internal sealed record PodProcesses(string Pod, string File, bool Shared, ImmutableArray<PodProcess> All)
{
    /// <summary>The end of such a file's name.</summary>
    public const string Ending = ".processes.jsonl";

    /// <summary>The lines of the file; secrets in command lines are left out.</summary>
    public static IEnumerable<string> Lines(bool shared, IEnumerable<PodProcess> all)
    {
        ArgumentNullException.ThrowIfNull(all);
        yield return new JsonObject { ["shared"] = shared }.ToJsonString();
        foreach (var process in all)
        {
            yield return new JsonObject
            {
                ["pid"] = process.Pid, ["state"] = process.State, ["command"] = SecretText.Hide(process.Command),
            }.ToJsonString();
        }
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It cannot be read, or is no such file.</exception>
    public static PodProcesses Read(string file)
    {
        try
        {
            JsonNode?[] lines = [.. System.IO.File.ReadLines(file).Select(line => JsonNode.Parse(line))];
            return new PodProcesses(
                Path.GetFileName(file)[..^Ending.Length],
                file,
                lines.Length == 0 || Value<bool>(lines[0], "shared"),
                [
                    .. lines.Skip(1).Select(line =>
                        new PodProcess(Value<int>(line, "pid"), Value<string>(line, "state"), Value<string>(line, "command"))),
                ]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new IOException($"{Path.GetFileName(file)} is no list of processes: {e.Message}", e);
        }
    }

    private static T Value<T>(JsonNode? line, string key) =>
        line is JsonObject item && item[key] is JsonValue value && value.TryGetValue<T>(out var found) ? found
            : throw new FormatException($"a line has no '{key}'");
}
