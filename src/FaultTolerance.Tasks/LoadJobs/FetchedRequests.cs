using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load;

namespace FaultTolerance.LoadJobs;

/// <summary>Reads the requests of a share from the pieces of its clients' logs as they come in.</summary>
/// <param name="share">The clients.</param>
internal sealed class FetchedRequests(ClientShare share)
{
    private readonly ClientLogReader _reader = new(TimeSpan.Zero);
    private readonly byte[]?[] _rests = new byte[]?[share.Count];

    /// <summary>The requests whose lines are whole now; what has come of the next line waits for its end.</summary>
    /// <param name="pieces">What came, of each client of the share.</param>
    public IReadOnlyList<ClientLog> Take(IReadOnlyList<byte[]> pieces)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        var logs = new List<ClientLog>();
        for (var i = 0; i < pieces.Count && i < _rests.Length; i++)
        {
            if (pieces[i].Length == 0)
            {
                continue;
            }

            var bytes = _rests[i] is { } rest ? [.. rest, .. pieces[i]] : pieces[i];
            var end = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
            _rests[i] = end < bytes.Length ? bytes[end..] : null;
            if (end > 0)
            {
                logs.Add(_reader.ReadLines(bytes.AsSpan(0, end), share.First + i));
            }
        }

        return logs;
    }
}
