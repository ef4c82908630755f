using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster.Api;
using FaultTolerance.Cluster.Channels;
using FaultTolerance.Cluster.Observation;
using k8s;
using k8s.Models;

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

    /// <summary>Whether the server offers a subresource of a type as an object of that kind, by its own list.</summary>
    public async Task<bool> HasSubresourceAsync(ResourceType type, string subresource, string kind, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(type);
        var path = type.Group.Length == 0 ? $"/api/{type.Version}" : $"/apis/{type.Group}/{type.Version}";
        var call = new ApiCall("get", path, null);
        using var json = await Api.GetAsync(call, path, cancellation);
        return Expect(call, json, root => root.GetProperty("resources").EnumerateArray()
            .Any(r => WatchItem.Text(r, "name") == $"{type.Plural}/{subresource}" && WatchItem.Text(r, "kind") == kind));
    }

    /// <summary>
    /// The plural of a kind and whether its objects lie in namespaces, by the server's own list; null where it does not serve the kind in
    /// that version.
    /// </summary>
    public async Task<(string Plural, bool Namespaced)?> ServedTypeAsync(ResourceType type, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(type);
        var path = type.Group.Length == 0 ? $"/api/{type.Version}" : $"/apis/{type.Group}/{type.Version}";
        var call = new ApiCall("get", path, null);
        try
        {
            using var json = await Api.GetAsync(call, path, cancellation);
            return Expect<(string, bool)?>(call, json, root => root.GetProperty("resources").EnumerateArray()
                .Where(r => WatchItem.Text(r, "kind") == type.Kind && WatchItem.Text(r, "name") is { } name && !name.Contains('/', StringComparison.Ordinal))
                .Select(r => ((string, bool)?)(WatchItem.Text(r, "name")!, r.TryGetProperty("namespaced", out var inside) && inside.GetBoolean()))
                .FirstOrDefault());
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
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

    /// <summary>Versions of an API group that the server serves, the preferred one first; empty when it does not know the group.</summary>
    public async Task<IReadOnlyList<string>> ServedVersionsAsync(string group, CancellationToken cancellation)
    {
        try
        {
            var call = new ApiCall("get", $"/apis/{group}", null);
            using var json = await Api.GetAsync(call, $"/apis/{Uri.EscapeDataString(group)}", cancellation);
            return Expect(call, json, root =>
            {
                var preferred = root.TryGetProperty("preferredVersion", out var p) ? WatchItem.Text(p, "version") : null;
                return root.GetProperty("versions")
                    .EnumerateArray()
                    .Select(v => WatchItem.Text(v, "version") ?? throw new KeyNotFoundException("version"))
                    .OrderByDescending(v => v == preferred)
                    .ToArray();
            });
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return [];
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

    /// <summary>Asks the server for each permission, and names all that are missing in one error (FT0311).</summary>
    public async Task RequireAsync(IEnumerable<Permission> needed, CancellationToken cancellation)
    {
        var answers = await ReviewAsync(needed, cancellation);
        var missing = answers.Where(a => !a.Allowed).Select(a => a.Permission.ToString()).ToArray();
        if (missing.Length > 0)
        {
            throw new ClusterException(
                "FT0311",
                $"missing permissions in namespace '{Namespace}': {string.Join(", ", missing)}; deploy/rbac.yaml grants them"
            );
        }
    }

    /// <summary>Asks the server for each permission; an access review stores nothing.</summary>
    public async Task<IReadOnlyList<PermissionAnswer>> ReviewAsync(IEnumerable<Permission> needed, CancellationToken cancellation) =>
        await Task.WhenAll(needed.Distinct().Select(async p => new PermissionAnswer(p, await IsAllowedAsync(p, cancellation))));

    /// <inheritdoc/>
    public void Dispose() => Api.Dispose();

    internal T Expect<T>(ApiCall call, JsonDocument answer, Func<JsonElement, T> read) =>
        KubeJson.Expect(call, Server, answer.RootElement, read);

    internal ApiCall Call(string verb, ResourceType type, string? name) => Call(verb, type.Display, name);

    internal ApiCall Call(string verb, string resource, string? name) =>
        new(verb, string.IsNullOrEmpty(name) ? resource : $"{resource} '{name}'", Namespace);

    private async Task<bool> IsAllowedAsync(Permission permission, CancellationToken cancellation)
    {
        var review = new V1SelfSubjectAccessReview
        {
            ApiVersion = "authorization.k8s.io/v1",
            Kind = "SelfSubjectAccessReview",
            Spec = new V1SelfSubjectAccessReviewSpec
            {
                ResourceAttributes = new V1ResourceAttributes
                {
                    NamespaceProperty = permission.IsOfCluster ? null : Namespace,
                    Verb = permission.Verb,
                    Group = permission.Group,
                    Resource = permission.Resource,
                    Subresource = permission.Subresource.Length == 0 ? null : permission.Subresource,
                },
            },
        };
        var call = new ApiCall("create", "selfsubjectaccessreviews.authorization.k8s.io", null);
        using var answer = await Api.SendAsync(
            call,
            HttpMethod.Post,
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            JsonNode.Parse(KubernetesJson.Serialize(review)),
            cancellation,
            onlyAsks: true);
        return Expect(call, answer, root => root.GetProperty("status").TryGetProperty("allowed", out var allowed) && allowed.GetBoolean());
    }

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

/// <summary>How something is deleted.</summary>
/// <param name="GraceSeconds">Grace; null: the object's own.</param>
/// <param name="Uid">Only the object of this uid.</param>
/// <param name="Foreground">The object stays until what it owns is gone.</param>
internal readonly record struct Deletion(int? GraceSeconds = null, string? Uid = null, bool Foreground = false)
{
    internal JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "DeleteOptions",
            ["propagationPolicy"] = Foreground ? "Foreground" : "Background",
        };
        if (GraceSeconds is { } grace)
        {
            json["gracePeriodSeconds"] = grace;
        }

        if (Uid is not null)
        {
            json["preconditions"] = new JsonObject { ["uid"] = Uid };
        }

        return json;
    }
}
