using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.ClientLogs;

namespace FaultTolerance.LoadJobs;

/// <summary>What a pod tells of a client: requests of 50 ms, each answered or refused.</summary>
internal static class ToldLogs
{
    public static ClientLog Of(int client, DateTimeOffset start, params (int Request, double End, bool Ok)[] requests)
    {
        var log = new ClientLog("", client);
        foreach (var (request, end, ok) in requests)
        {
            log.Attempts.Add(new Attempt
            {
                Client = client,
                Request = request,
                IsLast = true,
                Sent = (start + TimeSpan.FromSeconds(end - 0.05)).UtcTicks,
                LastByte = (start + TimeSpan.FromSeconds(end)).UtcTicks,
                Outcome = ok ? Outcome.Ok : Outcome.Refused,
            });
        }

        return log;
    }
}
