using System.Globalization;
using System.Text.RegularExpressions;
using FaultMatrix.Build.Model;
using Microsoft.Build.Framework;

namespace FaultMatrix.Build.Hosting;

/// <summary>
/// Turns MSBuild's events into the front's. An exception of a logger ends the process at once, with everything left as it is, so each is
/// caught here and told as what it is.
/// </summary>
internal sealed partial class ProgressLogger(IEngineListener listener, Unforeseen unforeseen) : ILogger
{
    /// <summary>The extended type of progress events, see ARCHITECTURE.md.</summary>
    public const string ProgressType = "faultmatrix.progress";

    private readonly Dictionary<int, string?> _scenarios = [];
    private readonly Dictionary<(int, int), DateTime> _started = [];

    public LoggerVerbosity Verbosity { get; set; } = LoggerVerbosity.Normal;

    public string? Parameters { get; set; }

    public void Initialize(IEventSource eventSource)
    {
        eventSource.ProjectStarted += (_, e) => Guard(() => _scenarios[e.BuildEventContext!.ProjectContextId] =
            Path.GetFileName(e.ProjectFile) == "scenario.proj" && e.GlobalProperties?.TryGetValue("Scenario", out var name) == true
                ? name : null);
        eventSource.TargetStarted += (_, e) => Guard(() =>
        {
            _started[Key(e.BuildEventContext)] = e.Timestamp;
            listener.TargetStarted(ScenarioOf(e.BuildEventContext), e.TargetName);
        });
        eventSource.TargetFinished += (_, e) => Guard(() => listener.TargetFinished(
            ScenarioOf(e.BuildEventContext), e.TargetName, e.Succeeded,
            _started.Remove(Key(e.BuildEventContext), out var at) ? e.Timestamp - at : TimeSpan.Zero));
        eventSource.ErrorRaised += (_, e) => Guard(() => listener.Problem(
            ScenarioOf(e.BuildEventContext), true, Told(new FrontError(e.Code ?? "", e.Message
                ?? "", Source(e.Code, e.File), e.LineNumber))));
        eventSource.WarningRaised += (_, e) => Guard(() => listener.Problem(
            ScenarioOf(e.BuildEventContext), false, Told(new FrontError(e.Code ?? "", e.Message
                ?? "", Source(e.Code, e.File), e.LineNumber))));
        eventSource.MessageRaised += (_, e) => Guard(() => OnMessage(e));
    }

    public void Shutdown()
    {
    }

    // The engine's own words for what a user can do nothing about are many lines, with a trace or a list of folders.
    private FrontError Told(FrontError error) => error.Code switch
    {
        "MSB4166" => new FrontError(
            RunTracker.LostWorker, $"A worker process of the engine{Node(error.Message)} ended early: it was killed, "
            + "or the machine has no memory left. What ran in it is cleaned up, and its rows are not measured."),
        "MSB4018" => unforeseen.OfMessage(error.Message),
        _ when Unforeseen.HasTrace(error.Message) => unforeseen.OfMessage(error.Message),
        _ => error with { Message = ForeignText.Line(error.Message) },
    };

    private static string Node(string message) =>
        NodeNumber().Match(message) is { Success: true } m ? $" (node {m.Groups["number"].Value})" : "";

    private void Guard(Action handle)
    {
        try
        {
            handle();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            listener.Problem(null, true, unforeseen.Of(e));
        }
    }

    [GeneratedRegex("node \"?(?<number>[0-9]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NodeNumber();

    private static (int, int) Key(BuildEventContext? c) => (c?.ProjectContextId ?? 0, c?.TargetId ?? 0);

    // The place in a .targets file where a task stands says nothing to users; ours name the user's own file.
    private static string? Source(string? code, string? file) =>
        string.IsNullOrEmpty(file) || (code?.StartsWith("FT", StringComparison.Ordinal) == true
            && Path.GetExtension(file) is ".targets" or ".proj") ? null : file;

    private string? ScenarioOf(BuildEventContext? context) =>
        context is null ? null : _scenarios.GetValueOrDefault(context.ProjectContextId);

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
        // What is waited for came as progress too.
        else if (e is not (TargetSkippedEventArgs or TaskCommandLineEventArgs or CriticalBuildMessageEventArgs)
            && e.Code != RunTracker.Waiting
            && e.Message is { Length: > 0 } text
            && e.Importance != MessageImportance.Low && e.SenderName is not null and not "MSBuild" && e.BuildEventContext?.TaskId > 0)
        {
            listener.Message(ScenarioOf(e.BuildEventContext), e.Importance == MessageImportance.High, text);
        }
    }
}
