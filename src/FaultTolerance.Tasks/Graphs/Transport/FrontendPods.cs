using FaultTolerance.Graphs.Pods;
using FaultTolerance.Load;

namespace FaultTolerance.Graphs.Transport;

/// <summary>The frontends that are ready, from the graph's watch; the list is made once per change, not per call.</summary>
internal sealed class FrontendPods
{
    private readonly GraphWatch _watch;
    private readonly Func<GraphPod, Uri> _address;
    private readonly bool _hasFrontend;
    private volatile IReadOnlyList<FrontendEndpoint> _ready = [];

    public FrontendPods(GraphWatch watch, Func<GraphPod, Uri> address)
    {
        (_watch, _address) = (watch, address);
        _hasFrontend = watch.Graph.Services.Any(s => s.Role == GraphRoles.Frontend);
        watch.OnPods(Update);
    }

    /// <summary>Those that are ready.</summary>
    public IReadOnlyList<FrontendEndpoint> Ready => _ready;

    /// <summary>The pod behind an endpoint, when it is still there.</summary>
    public GraphPod? Find(FrontendEndpoint endpoint) => _watch.Find(endpoint.Uid);

    /// <summary>Has the watch look for itself, as a pod that it shows was not found.</summary>
    public void Doubt() => _watch.Doubt();

    private void Update(IReadOnlyList<GraphPod> pods) =>
        _ready = [
            .. pods.Where(p => p.IsReady && (_hasFrontend ? p.Service.Role == GraphRoles.Frontend : p.FrontendContainer is not null))
                .Select(p => new FrontendEndpoint(p.Name, p.Uid, _address(p))),
        ];
}
