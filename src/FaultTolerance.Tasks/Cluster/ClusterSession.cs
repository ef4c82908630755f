using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster.Api;
using FaultTolerance.Cluster.Channels;
using FaultTolerance.Cluster.Observation;

namespace FaultTolerance.Cluster;

/// <summary>A connection to one namespace of a cluster. Safe for concurrent use.</summary>
internal sealed class ClusterSession : IDisposable
{
    private ClusterSession(KubeApi api, string ns, TimeProvider time)
    {
        (Api, Namespace, Time) = (api, ns, time);
        Exec = new PodExec(this);
    }

    /// <summary>The namespace.</summary>
    public string Namespace { get; }

    /// <summary>Address of the API server.</summary>
    public Uri Server => Api.Server;

    /// <summary>The server's version, <c>v1.20.2</c>.</summary>
    public string ServerVersion { get; private set; } = "";

    /// <summary>Runs commands in containers.</summary>
    public PodExec Exec { get; }

    /// <summary>Delays and time-outs.</summary>
    public TimeProvider Time { get; }

    internal KubeApi Api { get; }

    /// <summary>
    /// Connects: finds the configuration, asks for the server's version, and sees to it that the namespace is there.
    /// Every failure is a <see cref="ClusterException"/> of one line.
    /// </summary>
    public static async Task<ClusterSession> ConnectAsync(ClusterOptions options, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var connection = await Kubeconfig.LoadAsync(options, time, cancellation);
        var ns = options.Namespace ?? (string.IsNullOrEmpty(connection.Client.Namespace) ? "default" : connection.Client.Namespace);
        var session = new ClusterSession(Kubeconfig.Open(connection, options, time), ns, time);
        try
        {
            var call = new ApiCall("get", "/version", null);
            using var version = await session.Api.GetAsync(call, "/version", cancellation);
            session.ServerVersion = session.Expect(call, version, root =>
                WatchItem.Text(root, "gitVersion") ?? throw new KeyNotFoundException("gitVersion")
            );
            await session.CheckNamespaceAsync(cancellation);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The same cluster in another namespace. What it returns need not be disposed of, and must not outlive this.</summary>
    public ClusterSession In(string @namespace) => new(Api, @namespace, Time) { ServerVersion = ServerVersion };

    /// <summary>One object; null when it is not there.</summary>
    public async Task<T?> FindAsync<T>(ResourceType type, string name, CancellationToken cancellation)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(type);
        try
        {
            var call = Call("get", type, name);
            using var json = await Api.GetAsync(call, type.Path(Namespace, name), cancellation);
            return Expect(call, json, root => KubeJson.Named<T>(root));
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>All objects that the selector lets through.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(ResourceType type, Selector selector, CancellationToken cancellation)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(type);
        var listed = await ListedCollection<T>.ReadAsync(Api, type, Namespace, selector, cancellation);
        return [.. listed.Items.Select(i => i.Object)];
    }

    /// <summary>Creates an object; one of that name that is there already is an error (<c>AlreadyExists</c>).</summary>
    public async Task<JsonObject> CreateAsync(ResourceType type, JsonObject body, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(type);
        var name = body?["metadata"]?["name"]?.GetValue<string>() ?? "";
        var call = Call("create", type, name);
        using var json = await Api.SendAsync(call, HttpMethod.Post, type.Path(Namespace), body, cancellation);
        return Expect(call, json, root => KubeJson.Read<JsonObject>(root));
    }

    /// <summary>Posts to a subresource of an object, as <c>pods/eviction</c>.</summary>
    public async Task CreateInAsync(
        ResourceType type, string name, string subresource, JsonObject body, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(type);
        var call = Call("create", $"{type.Display}/{subresource}", name);
        using var _ = await Api.SendAsync(call, HttpMethod.Post, type.Path(Namespace, name, subresource), body, cancellation);
    }

    /// <summary>
    /// Puts an object in the place of the one it was read as; one that was changed meanwhile is an error (<c>Conflict</c>).
    /// </summary>
    public async Task<JsonObject> ReplaceAsync(ResourceType type, JsonObject body, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(body);
        var name = body["metadata"]!["name"]!.GetValue<string>();
        var call = Call("update", type, name);
        using var json = await Api.SendAsync(call, HttpMethod.Put, type.Path(Namespace, name), body, cancellation);
        return Expect(call, json, root => KubeJson.Read<JsonObject>(root));
    }

    /// <summary>Changes an object by a JSON merge patch; a subresource by a strategic one, whose lists are merged by name.</summary>
    public async Task<JsonObject> PatchAsync(
        ResourceType type,
        string name,
        JsonObject patch,
        CancellationToken cancellation,
        string? subresource = null
    )
    {
        ArgumentNullException.ThrowIfNull(type);
        var call = subresource is null ? Call("patch", type, name) : Call("patch", $"{type.Display}/{subresource}", name);
        using var json = await Api.SendAsync(
            call,
            HttpMethod.Patch,
            type.Path(Namespace, name, subresource),
            patch,
            cancellation,
            subresource is null ? "application/merge-patch+json" : "application/strategic-merge-patch+json"
        );
        return Expect(call, json, root => KubeJson.Read<JsonObject>(root));
    }

    /// <summary>Deletes an object; false when it, or the one with that uid, is not there.</summary>
    public async Task<bool> DeleteAsync(ResourceType type, string name, Deletion how, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(type);
        try
        {
            using var _ = await Api.SendAsync(
                Call("delete", type, name),
                HttpMethod.Delete,
                type.Path(Namespace, name),
                how.ToJson(),
                cancellation
            );
            return true;
        }
        catch (ClusterException e)
            when (e.Status == HttpStatusCode.NotFound || (e.Status == HttpStatusCode.Conflict && how.Uid is not null))
        {
            return false;
        }
    }

    /// <summary>Follows a collection until cancelled; see <see cref="ResourceChange{T}"/>.</summary>
    /// <param name="type">The collection.</param>
    /// <param name="selector">What of it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="doubt">A way to have it look for itself at once, and to hear of a watch that was found silent; null for none.</param>
    public IAsyncEnumerable<ResourceChange<T>> WatchAsync<T>(
        ResourceType type,
        Selector selector,
        CancellationToken cancellation,
        WatchDoubt? doubt = null
    )
        where T : class => ListWatch.RunAsync<T>(Api, type, Namespace, selector, Time, doubt ?? new WatchDoubt(), cancellation);

    /// <summary>A container's log, as a stream; null when there is none (no such container instance, or no such pod any more).</summary>
    public async Task<Stream?> OpenLogAsync(
        string pod,
        string container,
        bool previous,
        CancellationToken cancellation,
        bool follow = false,
        int? tail = null,
        int? sinceSeconds = null
    )
    {
        // What is asked for by its age has each line's stamp before it.
        static string Number(string key, int? value, string more = "") => value is { } number
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"&{key}={number}{more}") : "";
        var query =
            $"container={Uri.EscapeDataString(container)}{(previous ? "&previous=true" : "")}{(follow ? "&follow=true" : "")}"
            + $"{Number("tailLines", tail)}{Number("sinceSeconds", sinceSeconds, "&timestamps=true")}";
        try
        {
            return await Api.OpenLogAsync(
                Call("get", "pods/log", pod),
                $"{ResourceType.Pods.Path(Namespace, pod, "log")}?{query}",
                follow,
                cancellation
            );
        }
        catch (ClusterException e) when (e.Status is HttpStatusCode.NotFound || (previous && e.Status is HttpStatusCode.BadRequest))
        {
            return null;
        }
    }

    /// <summary>
    /// Why nobody takes a connection at the server's address, in a few words; null where somebody does, whatever the answer, and where
    /// nobody knows.
    /// </summary>
    public async Task<string?> RefusalAsync(CancellationToken cancellation)
    {
        try
        {
            using var _ = await Api.OpenAsync(new ApiCall("get", "/version", null), "/version", cancellation);
            return null;
        }
        catch (ClusterException e)
        {
            return e.GetBaseException() is SocketException
            {
                SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable
                    or SocketError.HostNotFound or SocketError.HostDown,
            } refused ? ForeignText.Line(refused.Message) : null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Api.Dispose();

    internal T Expect<T>(ApiCall call, JsonDocument answer, Func<JsonElement, T> read) =>
        KubeJson.Expect(call, Server, answer.RootElement, read);

    internal ApiCall Call(string verb, ResourceType type, string? name) => Call(verb, type.Display, name);

    internal ApiCall Call(string verb, string resource, string? name) =>
        new(verb, string.IsNullOrEmpty(name) ? resource : $"{resource} '{name}'", Namespace);

    /// <summary>
    /// What has become of the namespace: <c>is being removed</c>, <c>is gone</c>; null where it stands or cannot be looked at.
    /// </summary>
    public async Task<string?> NamespaceEndAsync(CancellationToken cancellation)
    {
        try
        {
            var call = new ApiCall("get", $"namespace '{Namespace}'", null);
            using var json = await Api.GetAsync(call, $"/api/v1/namespaces/{Uri.EscapeDataString(Namespace)}", cancellation);
            var terminating = Expect(
                call,
                json,
                root => root.GetProperty("metadata").TryGetProperty("deletionTimestamp", out var at) && at.ValueKind == JsonValueKind.String
            );
            return terminating ? "is being removed" : null;
        }
        catch (ClusterException e)
        {
            return e.Status == HttpStatusCode.NotFound ? "is gone" : null;
        }
    }

    private async Task CheckNamespaceAsync(CancellationToken cancellation)
    {
        try
        {
            using var _ = await Api.GetAsync(
                new ApiCall("get", $"namespace '{Namespace}'", null),
                $"/api/v1/namespaces/{Uri.EscapeDataString(Namespace)}",
                cancellation
            );
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.NotFound)
        {
            throw new ClusterException(
                "FT0308",
                $"the cluster at {Server} has no namespace '{Namespace}'; create it or name another with --namespace",
                e
            )
            {
                Status = e.Status,
            };
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            // Namespaces are cluster-wide: a Role of one namespace cannot see them. The permission check that follows speaks for it.
        }
    }
}
