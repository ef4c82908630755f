using System.Globalization;
using System.Text.Json;

namespace EndToEnd.RealDynamo;

/// <summary>A row that was run, from the run's own files, and what the prober saw of it.</summary>
internal sealed class DynamoRow
{
    private readonly JsonElement _row;
    private readonly string _folder;
    private readonly JsonElement[] _timeline;

    private DynamoRow(JsonElement row, string folder, IReadOnlyList<Probe> probes)
    {
        (_row, _folder, Probes) = (row, folder, probes);
        _timeline = [.. File.ReadLines(Path.Combine(folder, "timeline.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    /// <summary>The prober's requests, by their sends.</summary>
    public IReadOnlyList<Probe> Probes { get; }

    /// <summary>The row's state.</summary>
    public string State => _row.GetProperty("state").GetString()!;

    /// <summary>Its notes.</summary>
    public IReadOnlyList<string> Notes => [.. _row.GetProperty("notes").EnumerateArray().Select(note => note.GetString()!)];

    /// <summary>The fault's order.</summary>
    public DateTimeOffset Order => At("fault.issued");

    /// <summary>The load's end.</summary>
    public DateTimeOffset LoadEnd => At("load.ended");

    /// <summary>Whether the timeline has the fault's proof.</summary>
    public bool IsProven => _timeline.Any(item => Name(item) == "fault.landed");

    /// <summary>The fault's first proof, in seconds from its order.</summary>
    public double Landed => (At("fault.landed") - Order).TotalSeconds;

    /// <summary>What the prober saw.</summary>
    public Truth Truth => Truth.Of(Probes, Order, LoadEnd);

    /// <summary>
    /// How finely the prober's word can be taken, in seconds: how long it sent nothing at most, and how late answers were.
    /// </summary>
    public double Doubt
    {
        get
        {
            var near = Probes.Where(probe => probe.Sent >= Order.AddSeconds(-1) && probe.Sent <= LoadEnd).ToArray();
            var gaps = near.Skip(1).Zip(near, (next, probe) => (next.Sent - probe.Sent).TotalSeconds);
            var answers = near.Where(probe => probe.Succeeded).Select(probe => (probe.Ended - probe.Sent).TotalSeconds).Order().ToArray();
            return gaps.Max() + answers[(int)(answers.Length * 0.99)] - answers[answers.Length / 2];
        }
    }

    /// <summary>Rows of a run, by name.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="probes">The probes by row.</param>
    public static IEnumerable<(string Name, DynamoRow Row)> Of(string run, IReadOnlyDictionary<string, List<Probe>> probes)
    {
        using var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "summary.json")));
        foreach (var row in summary.RootElement.GetProperty("scenarios").EnumerateArray())
        {
            var name = row.GetProperty("scenario").GetString()!;
            yield return (name, new DynamoRow(
                row.Clone(),
                Path.Combine(run, $"test_fault_scenario[{name}]"),
                [.. probes.GetValueOrDefault(name, []).OrderBy(probe => probe.Sent)]));
        }
    }

    /// <summary>A measure in seconds; null where nothing was lost, so that there was nothing to measure.</summary>
    public double? Seconds(string measure)
    {
        var value = _row.GetProperty("recovery").GetProperty(measure);
        var kind = value.GetProperty("is").GetString();
        Assert.True(kind is "Value" or "NotNeeded", $"{measure} is {value}");
        return kind == "Value" ? value.GetProperty("seconds").GetDouble() : null;
    }

    /// <summary>When the row was steady again; null where it was never anything else, or was not seen to be.</summary>
    public double? Steady =>
        _row.GetProperty("recovery").GetProperty("steady") is var value && value.GetProperty("is").GetString() == "Value"
            ? value.GetProperty("seconds").GetDouble()
            : null;

    /// <summary>Requests of the row's own clients: attempts that were sent, and that were answered.</summary>
    public (int Sent, int Answered) Clients()
    {
        var attempts = Directory.GetFiles(_folder, "client_*.log.txt").SelectMany(File.ReadLines)
            .SelectMany(line => JsonDocument.Parse(line).RootElement.GetProperty("results").EnumerateArray().ToArray()).ToArray();
        return (attempts.Length, attempts.Count(attempt => attempt.GetProperty("outcome").GetString() == "Ok"));
    }

    /// <summary>What the pods of a service counted through the load, by the series' labels.</summary>
    /// <param name="service">The service's folder.</param>
    /// <param name="metric">The counter.</param>
    public IReadOnlyList<(string Series, double Count)> Counted(string service, string metric)
    {
        var counted = new List<(string, double)>();
        foreach (var file in Directory.GetFiles(Path.Combine(_folder, service), "*.metrics.jsonl"))
        {
            var samples = File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement)
                .Where(line => line.TryGetProperty("samples", out _)).ToArray();
            var series = samples.SelectMany(line => line.GetProperty("samples").EnumerateObject().Select(sample => sample.Name))
                .Where(name => name.StartsWith($"{metric}{{", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal);
            foreach (var name in series)
            {
                // A series that is not there at the first look begins at 0.
                double Value(JsonElement line) => line.GetProperty("samples").TryGetProperty(name, out var value) ? value.GetDouble() : 0;
                var last = samples.Last(line => line.GetProperty("samples").TryGetProperty(name, out _));
                counted.Add((name, Value(last) - Value(samples[0])));
            }
        }

        return counted;
    }

    /// <summary>The first and the last look at a service's <c>/metrics</c>, each from the question to the answer.</summary>
    public ((DateTimeOffset Asked, DateTimeOffset Answered) First, (DateTimeOffset Asked, DateTimeOffset Answered) Last) Looks(
        string service)
    {
        var looks = Directory.GetFiles(Path.Combine(_folder, service), "*.metrics.jsonl").SelectMany(File.ReadLines)
            .Select(line => JsonDocument.Parse(line).RootElement).Where(line => line.TryGetProperty("samples", out _))
            .Select(line => (Asked: Stamp(line.GetProperty("at")), Took: TimeSpan.FromSeconds(line.GetProperty("took").GetDouble())))
            .Select(look => (look.Asked, look.Asked + look.Took)).OrderBy(look => look.Asked).ToArray();
        return (looks[0], looks[^1]);
    }

    private static string Name(JsonElement item) => item.GetProperty("event").GetString()!;

    private static DateTimeOffset Stamp(JsonElement text) =>
        DateTimeOffset.Parse(text.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private DateTimeOffset At(string name) => Stamp(_timeline.First(item => Name(item) == name).GetProperty("at"));
}
