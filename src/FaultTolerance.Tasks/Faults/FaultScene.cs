using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Pods;

namespace FaultTolerance.Faults;

/// <summary>Where faults happen, and where that is written.</summary>
/// <param name="Session">The cluster.</param>
/// <param name="Watch">The graph's watch, for targets and proofs.</param>
/// <param name="Log">The runner's log.</param>
/// <param name="Timeline">The timeline.</param>
/// <param name="Options">Limits.</param>
internal sealed record FaultScene(ClusterSession Session, GraphWatch Watch, TestLog Log, TimelineWriter Timeline, FaultOptions Options);
