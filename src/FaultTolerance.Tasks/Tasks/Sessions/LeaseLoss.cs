using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.Runs;

namespace FaultTolerance.Tasks.Sessions;

/// <summary>
/// <c>lease.lost.json</c> in a run's folder: the process that holds the namespace tells all others of the run that it lost it.
/// </summary>
internal static class LeaseLoss
{
    /// <summary>The code of a row that was measured in a namespace that was not the run's own.</summary>
    public const string Code = "FT0321";

    private const string Name = "lease.lost.json";
    private const string Reason = "reason";

    /// <summary>Notes the loss; null notes that the namespace is the run's again.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="reason">Why, in words that follow "the lease".</param>
    public static void Note(string runFolder, string? reason)
    {
        var path = Path.Combine(runFolder, Name);
        try
        {
            if (reason is null)
            {
                File.Delete(path);
            }
            else
            {
                RunFolder.WriteAtomically(path, new JsonObject { [Reason] = reason }.ToJsonString() + "\n");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be written is told by the row's own files.
        }
    }

    /// <summary>What was lost and why, as one sentence; null while the namespace is held.</summary>
    public static FaultMatrixException? Of(string runFolder)
    {
        var path = Path.Combine(runFolder, Name);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return Error((JsonNode.Parse(File.ReadAllText(path)) as JsonObject)?[Reason]?.ToString() ?? "was lost");
        }
        catch (Exception e) when (e is FileNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return Error("was lost");
        }
    }

    private static FaultMatrixException Error(string reason) => new(
        Code, $"the namespace's lease {reason}: rows from then on are invalid, as another run may have been at work there");
}
