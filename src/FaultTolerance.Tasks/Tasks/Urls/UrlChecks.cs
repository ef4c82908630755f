using FaultTolerance.Load.Urls;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tasks.Urls;

/// <summary>Asks every service that rows are about by its address, before a run's folder is made.</summary>
internal static class UrlChecks
{
    /// <summary>Has each service answer once.</summary>
    /// <param name="rows">The rows; those of graphs are passed over.</param>
    /// <param name="time">For the limits.</param>
    /// <param name="cancellation">Ends the asking.</param>
    /// <exception cref="FaultMatrixException">FT0511 to FT0520: why a load would be in vain.</exception>
    public static async System.Threading.Tasks.Task RunAsync(IEnumerable<Scenario> rows, TimeProvider time, CancellationToken cancellation)
    {
        var asked = rows.Where(row => row.Deployment.Url is not null)
            .DistinctBy(row => (row.Deployment.Url, row.Deployment.Model, row.Load.Api)).ToList();
        foreach (var row in asked)
        {
            var target = row.Deployment.Url!;
            await using var transport = new UrlTransport(target, UrlSecrets.Read(target, Environment.GetEnvironmentVariable));
            await UrlCheck.AnsweringModelAsync(transport, row.Load.Api, row.Deployment.Model, time, cancellation);
        }
    }
}
