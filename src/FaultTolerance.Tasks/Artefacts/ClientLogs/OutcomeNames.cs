
namespace FaultTolerance.Artefacts.ClientLogs;

/// <summary>The outcomes' names as UTF-8.</summary>
internal static class OutcomeNames
{
    public static (byte[] Name, Outcome Outcome)[] All { get; } =
        [.. Enum.GetValues<Outcome>().Select(outcome => (System.Text.Encoding.ASCII.GetBytes(outcome.ToString()), outcome))];
}
