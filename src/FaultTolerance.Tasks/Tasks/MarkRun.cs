using System.Globalization;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Runs;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks;

/// <summary>Marks a moment in every row of a run whose load is under way: what somebody breaks by hand is told so.</summary>
public sealed class MarkRun : AsyncTask
{
    private const string NoLoad = "FT0506";

    /// <summary>Folder of all runs, or a run's own.</summary>
    [Required]
    public string Results { get; set; } = "";

    /// <summary>The run's id; empty for the latest.</summary>
    public string Run { get; set; } = "";

    /// <summary>What happens.</summary>
    public string Text { get; set; } = "";

    /// <summary>When it was said, UTC in round-trip form; empty for now. The start of a build takes a second or more.</summary>
    public string At { get; set; } = "";

    /// <inheritdoc/>
    protected override System.Threading.Tasks.Task RunAsync(CancellationToken cancellation)
    {
        var folder = RunLookup.Find(Results, Run);
        var run = Runs.RunFolder.Open(folder);
        var clock = run.Clock(Time);
        var ago = At.Length == 0 ? TimeSpan.Zero
            : Time.GetUtcNow() - DateTimeOffset.Parse(At, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        var at = clock.Now - (ago > TimeSpan.Zero ? ago : TimeSpan.Zero);
        var marked = run.Manifest.Scenarios.Where(name => IsUnderWay(ScenarioFolder.In(folder, name).Timeline)).ToList();
        foreach (var name in marked)
        {
            using var timeline = new TimelineWriter(ScenarioFolder.In(folder, name).Timeline, clock);
            timeline.Write(at, new Marked(ForeignText.Line(Text, 200)));
            Log.LogMessage(MessageImportance.High, "{0}", $"{name}: marked at {RunClock.Format(at)}{(Text.Length > 0 ? $": {ForeignText.Line(Text, 200)}" : "")}");
        }

        return marked.Count > 0 ? System.Threading.Tasks.Task.CompletedTask
            : throw new FaultMatrixException(NoLoad, $"no load is under way in run '{run.Manifest.Id}': there is nothing to mark");
    }

    private static bool IsUnderWay(string path)
    {
        var timeline = Timeline.Read(path);
        return timeline.Of<LoadStarted>().LastOrDefault() is { } started && timeline.Of<LoadEnded>().All(ended => ended.At < started.At);
    }
}
