using System.Globalization;
using System.Text;

namespace FaultTolerance.StandIn.Tests.Beside;

/// <summary>The table of both, and what is too far apart in it.</summary>
internal sealed class BesideReport
{
    private const double Within = 0.3;

    // A lease of files is 10 s long and kept every third of it: a worker that is killed stays known for that long at least.
    private const double SurelyKnown = 20.0 / 3;
    private readonly List<string> _letters = [];

    /// <summary>What stands before the rows; how busy the machine is says what the times are worth.</summary>
    public static string Head(string loadAverage) => $"""
        # The stand-in beside the real Dynamo

        Made by `benchmarks/beside-dynamo.sh`, which takes both through the same faults: ai-dynamo's frontend, router and mocker, and the stand-in in
        profile `today`, found by files. A prober sends a request every 50 ms, by turns streamed and not, 20 tokens each (100 where something
        drains), and a connection each. Times are seconds after the fault's order; the first number is the real one's, the second the stand-in's.
        The real one's start times are measured and given to the stand-in. Load average of the two cores at the start: {loadAverage}.

        Outage: from the first lost request's send to the next that was answered. Drain: when the last request in flight was answered. Aftershocks:
        when further requests were lost, or got another answer than those around them, because the dead worker was asked again. States: the failures
        that lasted 0.2 s or more, by the list below. With a stopped worker drain and aftershocks are a matter of whose turn it was: earlier requests
        still run into their deadline,
            and each of these takes the worker out again at that moment. A killed worker's lease ends 6.7 to 10 s after
        the kill, by when it was last kept: an aftershock after 6.7 s may be missing in either, and is then no difference.

        A pod is deleted as this tool deletes it, without grace: its process is killed, and another one starts 0.3 s later at another address. Leases
        of etcd are not compared: that takes an etcd, and neither the tool nor its tests bring one. With files a dead worker stays known for up to 10 s,
        with etcd for 10 to 24 s; what the stand-in does meanwhile is the same code, `STANDIN_LEASE_SECONDS` sets its length. By Kubernetes both are run
        by scenarios-mocker.json.

        | fault | outage | drain | process gone | aftershocks | states |
        | --- | --- | --- | --- | --- | --- |

        """;

    /// <summary>The list that the table's letters are of, and all other answers that came.</summary>
    public string AllAnswers(IEnumerable<string> answers) => answers.Order(StringComparer.Ordinal).Aggregate(
        _letters.ToList().Aggregate(
            new StringBuilder("\nWhat clients got, with M for the model's name; without a letter what did not last:\n\n"),
            (text, state) => text.Append(CultureInfo.InvariantCulture, $"- {Letter(state)}: `` {state} ``\n")),
        (text, answer) => _letters.Contains(answer, StringComparer.Ordinal) ? text : text.Append(CultureInfo.InvariantCulture, $"- `` {answer} ``\n")).ToString();

    public string Row(FaultRow row, RowResult real, RowResult standIn) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {row.Name} | {RowResult.Seconds(real.Outage)}, {RowResult.Seconds(standIn.Outage)} | {RowResult.Seconds(real.Drain)}, {RowResult.Seconds(standIn.Drain)} | {RowResult.Seconds(real.Exit)}, {RowResult.Seconds(standIn.Exit)} | {real.AftershocksText}; {standIn.AftershocksText} | {Of(real)}; {Of(standIn)} |\n");

    public static IEnumerable<string> Differences(FaultRow row, RowResult real, RowResult standIn)
    {
        if (Math.Abs(real.Outage - standIn.Outage) > Within)
        {
            yield return $"{row.Name}: outage {real.Outage:0.00} and {standIn.Outage:0.00}";
        }

        if (First(real) != First(standIn))
        {
            yield return $"{row.Name}: first {First(real)} and {First(standIn)}";
        }

        if (row.ByChance)
        {
            yield break;
        }

        if (real.Drain is null != standIn.Drain is null || Math.Abs((real.Drain ?? 0) - (standIn.Drain ?? 0)) > Within)
        {
            yield return $"{row.Name}: drain {RowResult.Seconds(real.Drain)} and {RowResult.Seconds(standIn.Drain)}";
        }

        if (
            Sure(real) != Sure(standIn)
            || real.Aftershocks.Zip(standIn.Aftershocks).Any(pair => Math.Abs(pair.First - pair.Second) > Within)
        )
        {
            yield return $"{row.Name}: aftershocks {real.AftershocksText} and {standIn.AftershocksText}";
        }

        if (!real.States.SequenceEqual(standIn.States, StringComparer.Ordinal))
        {
            yield return $"{row.Name}: states {string.Join(" | ", real.States)} and {string.Join(" | ", standIn.States)}";
        }
    }

    /// <summary>What was further apart than it may be in this run.</summary>
    public static string Missed(IReadOnlyCollection<string> differences) =>
        differences.Count == 0 ? "" : $"\nFurther apart than 0.3 s, or different, in this run:\n\n{string.Concat(differences.Select(difference => $"- {difference}\n"))}";

    private static int Sure(RowResult result) => result.Aftershocks.Count(at => at < SurelyKnown);

    private static string First(RowResult result) => result.States is [var first, ..] ? first : "nothing";

    private string Of(RowResult result) => result.States.Count == 0 ? "–" : string.Join(' ', result.States.Select(Letter));

    private char Letter(string state)
    {
        if (!_letters.Contains(state, StringComparer.Ordinal))
        {
            _letters.Add(state);
        }

        return (char)('A' + _letters.IndexOf(state));
    }
}
