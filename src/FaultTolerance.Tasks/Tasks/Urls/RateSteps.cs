using System.Globalization;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Load;
using FaultTolerance.Load.Http;
using FaultTolerance.Load.Urls;
using FaultTolerance.Results;
using FaultTolerance.Results.Rates;
using FaultTolerance.Results.Reading;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tasks.Urls;

/// <summary>Carries a search for the highest rate out: step after step, each a load of its own with its own folder.</summary>
internal sealed class RateSteps
{
    private const string NoRest = "FT0526";
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(60);

    /// <summary>The load that asks for the search, with the run's seed.</summary>
    public required LoadSpec Load { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The way to the service.</summary>
    public required IFrontendTransport Transport { get; init; }

    /// <summary>What is masked.</summary>
    public required RequestHeaders Headers { get; init; }

    /// <summary>The row's folder; the steps lie in it.</summary>
    public required ScenarioFolder Folder { get; init; }

    /// <summary>The row's timeline.</summary>
    public required TimelineWriter Timeline { get; init; }

    /// <summary>The row's log.</summary>
    public required TestLog Log { get; init; }

    /// <summary>Tells of each step.</summary>
    public required Progress Report { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The folder of a step's own load.</summary>
    /// <param name="row">The row's folder.</param>
    /// <param name="number">The step's number, from 1.</param>
    public static ScenarioFolder FolderOf(ScenarioFolder row, int number) =>
        new(Path.Combine(row.Path, "steps", number.ToString("00", CultureInfo.InvariantCulture)));

    /// <summary>Searches, and returns the rate of the row's own load: the highest that held, or the lowest where none did.</summary>
    /// <exception cref="FaultMatrixException">FT0526: the service does not come to rest after a step.</exception>
    public async Task<double> RunAsync(CancellationToken cancellation)
    {
        var spec = Load.RateSearch!;
        var asked = new RateSearchStarted
        {
            Share = spec.Share, From = spec.From, To = spec.To,
            Ttft = Load.Goodput?.Ttft, Itl = Load.Goodput?.Itl, Latency = Load.Goodput?.Latency,
        };
        Timeline.Write(asked);
        var rest = await ServiceRest.LearnAsync(Transport, Load.Api, Model, Time, cancellation);
        var begun = Time.GetTimestamp();
        var curve = new RateCurve(asked, [], null);
        while (curve.End is null)
        {
            var left = spec.Limit is not { } limit || Time.GetElapsedTime(begun).TotalSeconds + spec.StepSeconds <= limit.TotalSeconds;
            var move = RateSearch.Next(spec, curve.Tries, left);
            if (move.Rate is not { } rate)
            {
                Timeline.Write(new RateSearchEnded(move.End.ToString()));
                curve = curve with { End = move.End };
                continue;
            }

            curve = curve with { Steps = curve.Steps.Add(await StepAsync(spec, rate, curve.Steps.Length + 1, cancellation)) };
            var most = LongestRest > Load.Timeout ? LongestRest : Load.Timeout;
            if (await rest.WaitAsync(most, cancellation) is { } why)
            {
                throw new FaultMatrixException(
                    NoRest,
                    $"the service did not come to rest within {most.TotalSeconds:0} s after {RateWords.Rate(rate)}, "
                    + $"so no further step would be sound: {why}");
            }
        }

        Say(RateWords.Found(curve));
        return curve.Held?.Rate ?? spec.From;
    }

    private async Task<RateStep> StepAsync(RateSearchSpec spec, double rate, int number, CancellationToken cancellation)
    {
        var folder = FolderOf(Folder, number);
        ResultAccess.CreateFolder(folder.Path);
        var load = spec.Step(Load, rate, number);
        using (var timeline = new TimelineWriter(folder.Timeline, Timeline.Clock))
        {
            timeline.Write(new LoadTarget(Transport.Ready[0].BaseAddress.ToString(), null, Model));
            await using var run = LoadGenerator.Start(
                load, Model, Transport, folder, timeline, new LoadOptions { Headers = Headers }, CancellationToken.None);
            _ = await LoadReport.WhileAsync(run, load, Report, Time, static () => "", cancellation);
        }

        var step = Told(ScenarioParser.Parse(folder.Path, ScenarioName.FromName("step-none"), new ParseOptions()), spec, rate, number);
        Timeline.Write(step.Told);
        Say($"step {number}: {RateWords.Of(step)} {step.Fate switch
        {
            RateFate.Held => "held",
            RateFate.Broke => "did not hold",
            _ => $"says nothing of the service: {step.Told.Reason}",
        }}");
        return step;
    }

    // What was shed is a request that the service did not answer in time for its turn.
    private static RateStep Told(ScenarioResult row, RateSearchSpec spec, double rate, int number)
    {
        var whole = row.Numbers?.Whole;
        var requests = (whole?.Requests ?? 0) + row.Unsent.Count(request => request.Outcome == Outcome.Shed);
        var reasons = row.Generator?.Reasons ?? [];
        var fate = !reasons.IsEmpty || requests == 0 ? RateFate.Unsound
            : (double)(whole?.Good ?? 0) / requests >= spec.Share ? RateFate.Held : RateFate.Broke;
        return new RateStep(new RateStepped
        {
            Step = number, Rate = rate, Fate = fate.ToString(), Requests = requests, Good = whole?.Good ?? 0,
            Throughput = whole?.RequestThroughput,
            LatencyP50 = whole?.Latency?.P50, LatencyP99 = whole?.Latency?.P99,
            TtftP50 = whole?.Ttft?.P50, TtftP99 = whole?.Ttft?.P99,
            ItlP50 = whole?.Itl?.P50, ItlP99 = whole?.Itl?.P99,
            Reason = fate != RateFate.Unsound ? null
                : reasons.IsEmpty ? "no request after the warm-up can be judged" : string.Join("; ", reasons),
        }, fate);
    }

    private void Say(string text)
    {
        Log.Info("Load", text);
        Report.Report("step", text);
    }
}
