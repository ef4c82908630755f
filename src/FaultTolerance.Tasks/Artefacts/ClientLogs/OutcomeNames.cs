
namespace FaultTolerance.Artefacts.ClientLogs;

/// <summary>The outcomes' names as UTF-8.</summary>
internal static class OutcomeNames
{
    /// <summary>All of them, in the order of the list.</summary>
    public static (byte[] Name, Outcome Outcome)[] All { get; } =
        [.. Enum.GetValues<Outcome>().Select(outcome => (System.Text.Encoding.ASCII.GetBytes(outcome.ToString()), outcome))];
}
