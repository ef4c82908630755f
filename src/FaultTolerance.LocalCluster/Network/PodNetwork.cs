using System.Net;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Win32.SafeHandles;

namespace FaultTolerance.LocalCluster.Network;

/// <summary>The network of one pod, shared by its containers.</summary>
/// <param name="pod">The pod.</param>
/// <param name="ip">Its address.</param>
/// <param name="space">Its namespace.</param>
/// <param name="listening">What listens there.</param>
internal sealed class PodNetwork(JsonObject pod, string ip, SafeFileHandle space, ListeningPorts listening) : IDisposable
{
    /// <summary>The pod, as last seen.</summary>
    public JsonObject Pod { get; set; } = pod;

    /// <summary>Its name, with its namespace.</summary>
    public (string Namespace, string Name) Id { get; } = (pod.Namespace(), pod.Name());

    /// <summary>Its address.</summary>
    public string Ip => ip;

    /// <summary>Its namespace, into which its processes are started.</summary>
    public SafeFileHandle Space => space;

    /// <summary>The ports at which it answered when it was asked last.</summary>
    public IReadOnlySet<int> Ports { get; private set; } = new SortedSet<int>();

    /// <summary>Its name server; null where none can be had there.</summary>
    public NameServer? Names { get; set; }

    /// <summary>Asks anew; whether there is a change.</summary>
    public bool Look()
    {
        var now = listening.At(IPAddress.Parse(ip));
        if (now.SetEquals(Ports))
        {
            return false;
        }

        Ports = now;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        listening.Dispose();
        space.Dispose();
    }
}
