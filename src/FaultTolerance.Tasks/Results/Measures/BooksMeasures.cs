using System.Collections.Immutable;

namespace FaultTolerance.Results.Measures;

/// <summary>The load's books.</summary>
internal static class BooksMeasures
{
    /// <summary>All of them, in the order of their columns.</summary>
    public static ImmutableArray<IMeasure> All { get; } =
    [
        Count("planned", "Planned", "requests that the load meant to send", books => books.Planned),
        Count("sent", "Sent", "requests with at least one attempt", books => books.Sent),
        Count("not_sent", "Not\nSent", "requests that were not sent, or shed", books => books.NotSent),
        Count("succeeded", "Succeeded", "requests whose last attempt succeeded", books => books.Succeeded),
        Count("failed", "Failed", "the other requests that were sent", books => books.Failed),
        Count("attempts", "Attempts", "attempts of all requests, retries among them", books => books.Attempts),
    ];

    private static RowMeasure Count(string id, string header, string legend, Func<RequestBooks, long?> value) =>
        new(id, header, header.Replace('\n', ' '), MeasureUnit.Requests, legend, row => value(row.Books));
}
