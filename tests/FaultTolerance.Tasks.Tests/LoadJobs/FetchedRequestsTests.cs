using System.Text;
using FaultTolerance.Load;

namespace FaultTolerance.LoadJobs;

public sealed class FetchedRequestsTests
{
    private static string Line(int request) =>
        $$"""{"time": "2026-01-01T00:00:01.000000", "results": [{"status": 200, "result": null, "request_elapsed_time": 0.5, "url": "u", "pod": "p", "outcome": "Ok"}], "total_time": 0.5, "url": "u", "pod": "p", "request": {{request}}, "outcome": "Ok"}""" + "\n";

    [Fact]
    public void Take_line_that_came_in_two_pieces_is_read_once_it_is_whole()
    {
        var requests = new FetchedRequests(new ClientShare(4, 2));
        var text = Encoding.UTF8.GetBytes(Line(0) + Line(1));

        var first = requests.Take([text[..(text.Length - 9)], []]);
        var second = requests.Take([text[^9..], Encoding.UTF8.GetBytes(Line(7))]);

        Assert.Equal([(4, 0)], first.SelectMany(log => log.Attempts).Select(attempt => (attempt.Client, attempt.Request)));
        Assert.Equal([(4, 1), (5, 7)], second.SelectMany(log => log.Attempts).Select(attempt => (attempt.Client, attempt.Request)));
    }

    [Fact]
    public void Take_nothing_whole_is_nothing() =>
        Assert.Empty(new FetchedRequests(new ClientShare(0, 1)).Take([Encoding.UTF8.GetBytes(Line(0))[..30]]));
}
