using System.Globalization;
using FaultMatrix.Build.Model;
using Microsoft.Build.Framework;

namespace FaultMatrix.Build.Hosting;

/// <summary>Turns MSBuild's events into the front's.</summary>
internal sealed class ProgressLogger(IEngineListener listener) : ILogger
{
    /// <summary>The extended type of progress events, see ARCHITECTURE.md.</summary>
    public const string ProgressType = "faultmatrix.progress";

    private readonly Dictionary<int, string?> scenarios = [];
    private readonly Dictionary<(int, int), DateTime> started = [];

    public LoggerVerbosity Verbosity { get; set; } = LoggerVerbosity.Normal;

    public string? Parameters { get; set; }

    public void Initialize(IEventSource eventSource)
    {
        eventSource.ProjectStarted += (_, e) => scenarios[e.BuildEventContext!.ProjectContextId] =
            Path.GetFileName(e.ProjectFile) == "scenario.proj" && e.GlobalProperties?.TryGetValue("Scenario", out var name) == true ? name : null;
        eventSource.TargetStarted += (_, e) =>
        {
            started[Key(e.BuildEventContext)] = e.Timestamp;
            listener.TargetStarted(ScenarioOf(e.BuildEventContext), e.TargetName);
        };
        eventSource.TargetFinished += (_, e) => listener.TargetFinished(
            ScenarioOf(e.BuildEventContext), e.TargetName, e.Succeeded,
            started.Remove(Key(e.BuildEventContext), out var at) ? e.Timestamp - at : TimeSpan.Zero);
        eventSource.ErrorRaised += (_, e) => listener.Problem(
            ScenarioOf(e.BuildEventContext), true, new FrontError(e.Code ?? "", e.Message ?? "", Source(e.Code, e.File), e.LineNumber));
        eventSource.WarningRaised += (_, e) => listener.Problem(
            ScenarioOf(e.BuildEventContext), false, new FrontError(e.Code ?? "", e.Message ?? "", Source(e.Code, e.File), e.LineNumber));
        eventSource.MessageRaised += (_, e) => OnMessage(e);
    }

    public void Shutdown()
    {
    }

    private static (int, int) Key(BuildEventContext? c) => (c?.ProjectContextId ?? 0, c?.TargetId ?? 0);

    // The place in a .targets file where a task stands says nothing to users; ours name the user's own file.
    private static string? Source(string? code, string? file) =>
        string.IsNullOrEmpty(file) || (code?.StartsWith("FT", StringComparison.Ordinal) == true && Path.GetExtension(file) is ".targets" or ".proj") ? null : file;

    private string? ScenarioOf(BuildEventContext? context) => context is null ? null : scenarios.GetValueOrDefault(context.ProjectContextId);

    private void OnMessage(BuildMessageEventArgs e)
    {
        if (e is ExtendedBuildMessageEventArgs { ExtendedType: ProgressType, ExtendedMetadata: { } data })
        {
            string Get(string key) => data.TryGetValue(key, out var v) ? v ?? "" : "";
            double? Number(string key) => double.TryParse(Get(key), NumberStyles.Float, CultureInfo.InvariantCulture, out var n) ? n : null;
            listener.Progress(new ProgressEvent(Get("scenario"), Get("phase"), Get("state"), Get("text"))
            {
                Ok = (long?)Number("ok"),
                Failed = (long?)Number("failed"),
                OkPerSecond = Number("okPerSecond"),
                FailedPerSecond = Number("failedPerSecond"),
                SecondsToFault = Number("secondsToFault"),
                RemainingSeconds = Number("remainingSeconds"),
                Pods = Get("pods") is { Length: > 0 } pods ? pods : null,
            });
        }
        else if (e is not (TargetSkippedEventArgs or TaskCommandLineEventArgs or CriticalBuildMessageEventArgs) && e.Message is { Length: > 0 } text
            && e.Importance != MessageImportance.Low && e.SenderName is not null and not "MSBuild" && e.BuildEventContext?.TaskId > 0)
        {
            listener.Message(ScenarioOf(e.BuildEventContext), e.Importance == MessageImportance.High, text);
        }
    }
}
