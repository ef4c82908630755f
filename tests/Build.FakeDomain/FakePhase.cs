using Microsoft.Build.Framework;

namespace FaultMatrix.FakeDomain;

/// <summary>
/// A phase of a scenario: writes into a journal when it begins and ends, tells of its progress, may wait for its cancellation, and
/// may fail. FAKE_HANG names the phase (or Phase:Scenario) that waits, once, until it is cancelled; FAKE_STUBBORN one that never ends;
/// FAKE_FAIL is Phase:Scenario:Code; FAKE_THROW a phase that ends with an exception; FAKE_SAY what Deploy says, as others' words.
/// </summary>
public sealed class FakePhase : Microsoft.Build.Utilities.Task, ICancelableTask, IDisposable
{
    private readonly CancellationTokenSource _cancelled = new();

    [Required]
    public string Phase { get; set; } = "";

    [Required]
    public string Journal { get; set; } = "";

    public string Scenario { get; set; } = "";

    public string Note { get; set; } = "";

    public override bool Execute() => ExecuteAsync().GetAwaiter().GetResult();

    public void Cancel() => _cancelled.Cancel();

    public void Dispose() => _cancelled.Dispose();

    private async System.Threading.Tasks.Task<bool> ExecuteAsync()
    {
        Write("begin");
        Progress("started");
        if (
            Environment.GetEnvironmentVariable("FAKE_FAIL")?.Split(':') is [var phase, var scenario, var code]
            && phase == Phase
            && scenario == Scenario
        )
        {
            Log.LogError(null, code, null, null, 0, 0, 0, 0, "it was told to fail");
            Progress("failed");
            return false;
        }

        if (Environment.GetEnvironmentVariable("FAKE_THROW") == Phase)
        {
            throw new InvalidOperationException("nobody thought of this\nor of that");
        }

        if (Phase == "Deploy" && Environment.GetEnvironmentVariable("FAKE_SAY") is { } words)
        {
            Log.LogWarning(null, "FT0499", null, null, 0, 0, 0, 0, "{0}", words);
            Log.LogMessage(MessageImportance.High, "{0}", words);
            Progress("started", words);
        }

        if (Environment.GetEnvironmentVariable("FAKE_STUBBORN") == Phase)
        {
            await System.Threading.Tasks.Task.Delay(Timeout.Infinite, CancellationToken.None);
        }

        var marker = $"{Journal}.{Phase}.{Scenario}";
        if (
            Environment.GetEnvironmentVariable("FAKE_HANG") is { } hangs
            && (hangs == Phase || hangs == $"{Phase}:{Scenario}")
            && !File.Exists(marker)
        )
        {
            await File.WriteAllTextAsync(marker, "", CancellationToken.None);
            try
            {
                await System.Threading.Tasks.Task.Delay(Timeout.Infinite, _cancelled.Token);
            }
            catch (OperationCanceledException)
            {
                Write("cancelled");
                return false;
            }
        }

        Progress("done");
        Write("end");
        return true;
    }

    private void Write(string what) =>
        File.AppendAllText(Journal, $"{what} {Phase} {Scenario}{(Note.Length > 0 ? " " : "")}{Note}".TrimEnd() + "\n");

    private void Progress(string state, string text = "")
    {
        if (Scenario.Length == 0)
        {
            return;
        }

        var e = new ExtendedBuildMessageEventArgs(
            "faultmatrix.progress",
            $"{Scenario} {Phase} {state}",
            null,
            nameof(FakePhase),
            MessageImportance.Low
        )
        {
            ExtendedMetadata = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["scenario"] = Scenario,
                ["phase"] = Phase,
                ["state"] = state,
                ["text"] = text,
            },
        };
        BuildEngine.LogMessageEvent(e);
    }
}
