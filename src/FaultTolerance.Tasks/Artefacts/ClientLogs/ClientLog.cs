using FaultTolerance.Artefacts.Reading;

namespace FaultTolerance.Artefacts.ClientLogs;

/// <summary>What one client's log holds.</summary>
internal sealed class ClientLog(string file, int client)
{
    /// <summary>The log's path.</summary>
    public string File { get; } = file;

    /// <summary>The client's number, from 0.</summary>
    public int Client { get; } = client;

    /// <summary>The attempts, in the order of the log.</summary>
    public AttemptCollection Attempts { get; } = [];

    /// <summary>Requests that were never sent.</summary>
    public List<UnsentRequest> Unsent { get; } = [];

    /// <summary>Requests that were sent: lines with at least one attempt.</summary>
    public int Sent { get; set; }

    /// <summary>What could not be read.</summary>
    public DiagnosticBag Findings { get; } = new(file);
}
