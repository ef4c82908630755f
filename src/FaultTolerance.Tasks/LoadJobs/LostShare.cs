using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;

namespace FaultTolerance.LoadJobs;

/// <summary>
/// The books of a share whose pod was lost, from the lines that had come in: every other request of it is recorded as not sent, with the
/// reason, since nothing is known of it.
/// </summary>
/// <param name="spec">The whole load.</param>
/// <param name="clock">The run's clock.</param>
/// <param name="reason">How the pod was lost.</param>
internal sealed class LostShare(LoadSpec spec, RunClock clock, string reason)
{
    private readonly Dictionary<Outcome, long> _attempts = [];
    private long _planned;
    private long _succeeded;
    private long _failed;
    private long _apart;
    private long _notSent;
    private long _shed;

    /// <summary>The books of all clients that were completed.</summary>
    public LoadTotals Totals => new(_planned, _succeeded + _failed + _apart, _notSent, _succeeded, _failed, _attempts)
    {
        Apart = _apart,
        Shed = _shed,
    };

    /// <summary>Requests of which nothing is known.</summary>
    public long Unknown { get; private set; }

    /// <summary>Reads what a client's log has, and returns the lines that it lacks.</summary>
    public ReadOnlyMemory<byte> Lines(int client, string path)
    {
        var log = new ClientLogReader(TimeSpan.Zero).Read(path, client);
        var known = new HashSet<long>();
        foreach (var attempt in log.Attempts)
        {
            _attempts[attempt.Outcome] = _attempts.GetValueOrDefault(attempt.Outcome) + 1;
            if (attempt.IsLast && known.Add(attempt.Request))
            {
                Count(attempt.Outcome);
            }
        }

        foreach (var unsent in log.Unsent.Where(unsent => known.Add(unsent.Request)))
        {
            _notSent++;
            _shed += unsent.Outcome == Outcome.Shed ? 1 : 0;
        }

        return Missing(client, known);
    }

    private void Count(Outcome outcome)
    {
        if (!outcome.TellsOfService())
        {
            _apart++;
        }
        else if (outcome == Outcome.Ok)
        {
            _succeeded++;
        }
        else
        {
            _failed++;
        }
    }

    private ReadOnlyMemory<byte> Missing(int client, HashSet<long> known)
    {
        var planned = ClientShare.PlannedOf(spec, client);
        var record = new RequestRecord();
        var lines = new ByteBuffer();
        var now = clock.Time.GetTimestamp();
        for (long number = 0; number < planned; number++)
        {
            if (!known.Contains(number))
            {
                record.Reset(number, now);
                record.Reason = reason;
                RequestLine.Write(lines, record, clock);
                _notSent++;
                Unknown++;
            }
        }

        // A load that lasted longer than its plan.
        _planned += planned + known.Count(number => number >= planned);
        return lines.WrittenMemory;
    }
}
