using System.Collections.Immutable;

namespace FaultTolerance.Results.Measures;

/// <summary>The load's books.</summary>
internal static class BooksMeasures
{
    /// <summary>Requests that were written on a kept connection that the server was closing.</summary>
    public static RowMeasure KeptResets { get; } =
        Count(
            "kept_resets",
            "Kept\nResets",
            "requests written on a kept connection that the server was closing; not among the failed",
            books => books.KeptResets
        );

    /// <summary>Requests that failed on our own way to the service.</summary>
    public static RowMeasure OwnTransport { get; } =
        Count(
            "own_transport",
            "Own\nTransport",
            "requests that failed on our own way (port-forward, API server, kubelet); not among the failed",
            books => books.OwnTransport
        );

    /// <summary>All of them, in the order of their columns.</summary>
    public static ImmutableArray<IMeasure> All { get; } =
    [
        Count("planned", "Planned", "requests that the load meant to send", books => books.Planned),
        Count("sent", "Sent", "requests with at least one attempt", books => books.Sent),
        Count("not_sent", "Not\nSent", "requests that were not sent, or shed", books => books.NotSent),
        Count("succeeded", "Succeeded", "requests whose last attempt succeeded", books => books.Succeeded),
        Count("failed", "Failed", "requests whose last attempt failed, on the service", books => books.Failed),
        Count("attempts", "Attempts", "attempts of all requests, retries among them", books => books.Attempts),
        KeptResets,
        OwnTransport,
    ];

    private static RowMeasure Count(string id, string header, string legend, Func<RequestBooks, long?> value) =>
        new(id, header, header.Replace('\n', ' '), MeasureUnit.Requests, legend, row => value(row.Books));
}
