using FaultTolerance.Artefacts.Reading;

namespace FaultTolerance.Artefacts.ClientLogs;

/// <summary>What one client's log holds.</summary>
internal sealed class ClientLog(string file, int client)
{
    public string File { get; } = file;

    public int Client { get; } = client;

    public AttemptCollection Attempts { get; } = [];

    public List<UnsentRequest> Unsent { get; } = [];

    /// <summary>Requests that were sent: lines with at least one attempt.</summary>
    public int Sent { get; set; }

    public DiagnosticBag Findings { get; } = new(file);
}
