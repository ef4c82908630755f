using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Api.Verbs;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Conversion;

/// <summary>
/// A version of a custom resource whose objects are stored in another one, and converted by a webhook on the way in and out.
/// </summary>
/// <param name="webhook">Converts.</param>
/// <param name="resource">The version that is served.</param>
/// <param name="stored">The version that objects are stored in.</param>
internal sealed class ConvertedVersion(ConversionWebhook webhook, Resource resource, Resource stored)
{
    private const int MostTries = 10;

    /// <summary>The version that objects are stored in.</summary>
    public Resource Stored => stored;

    /// <summary>A stored object as it is served.</summary>
    public async Task<JsonObject> OutAsync(JsonObject value, CancellationToken cancellation) =>
        (await webhook.ConvertAsync(stored, resource, [value], cancellation))[0];

    /// <summary>Stored objects as they are served.</summary>
    public async Task<IReadOnlyList<byte[]>> OutAsync(IReadOnlyList<byte[]> rows, CancellationToken cancellation) =>
        [.. (await webhook.ConvertAsync(stored, resource, [.. rows.Select(MemoryStore.Parse)], cancellation)).Select(Bytes)];

    /// <summary>Creates an object of the served version, and answers it in that.</summary>
    public async Task<JsonObject> CreateAsync(WriteVerbs writes, string? @namespace, JsonObject body, bool dryRun, string manager,
        CancellationToken cancellation)
    {
        var value = body.Copy();
        writes.Admit(resource, @namespace, value, name: null);
        return await OutAsync(writes.Create(stored, @namespace, await InAsync(value, cancellation), dryRun, manager), cancellation);
    }

    /// <summary>
    /// Changes an object: it is converted, changed and converted back without the store's lock, since the webhook may ask this very API;
    /// when another changed it in between, all of that is done again.
    /// </summary>
    /// <param name="reads">Reads the stored object.</param>
    /// <param name="writes">Writes it.</param>
    /// <param name="namespace">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="subresource">status, or null.</param>
    /// <param name="change">What becomes of it, in the served version.</param>
    /// <param name="isPatch">The client names no version of the object: what another changed in between is no conflict of its.</param>
    /// <param name="dryRun">Store nothing.</param>
    /// <param name="manager">Who will own what changed; null where the change says so itself.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<JsonObject> UpdateAsync(
        ReadVerbs reads, WriteVerbs writes, string? @namespace, string name, string? subresource, Func<JsonObject, JsonObject> change,
        bool isPatch, bool dryRun,
        string? manager, CancellationToken cancellation)
    {
        for (var tried = 1; ; tried++)
        {
            var before = reads.Get(stored, @namespace, name);
            var next = change(await OutAsync(before, cancellation));
            var asked = next.Text("metadata", "resourceVersion");
            writes.Admit(resource, @namespace, next, name);
            var after = await InAsync(next, cancellation);
            after.Metadata()["resourceVersion"] = string.IsNullOrEmpty(asked) ? before.Text("metadata", "resourceVersion") : asked;
            try
            {
                return await OutAsync(writes.Update(stored, @namespace, name, subresource, _ => after.Copy(), dryRun, manager),
                    cancellation);
            }
            catch (StoreException e) when (e.Reason == "Conflict" && tried < MostTries && (isPatch || string.IsNullOrEmpty(asked)))
            {
                // Another changed it in between: once more.
                continue;
            }
        }
    }

    /// <summary>Applies a configuration of the served version; tells whether that made the object.</summary>
    public async Task<(JsonObject Object, bool Made)> ApplyAsync(
        ReadVerbs reads, WriteVerbs writes, string? @namespace, string name, string? subresource, JsonObject config, string manager,
        bool force, bool dryRun,
        CancellationToken cancellation)
    {
        var change = writes.Applying(resource, @namespace, name, subresource, config, manager, force);
        try
        {
            return (await UpdateAsync(reads, writes, @namespace, name, subresource, change, isPatch: true, dryRun, manager: null,
                cancellation), false);
        }
        catch (StoreException e) when (e.Reason == "NotFound" && subresource is null)
        {
            var made = change(null);
            writes.Admit(resource, @namespace, made, name);
            return (await OutAsync(writes.CreateOwned(stored, @namespace, await InAsync(made, cancellation), dryRun), cancellation), true);
        }
    }

    private async Task<JsonObject> InAsync(JsonObject value, CancellationToken cancellation) =>
        (await webhook.ConvertAsync(resource, stored, [value], cancellation))[0];

    private static byte[] Bytes(JsonObject value)
    {
        value.Remove("apiVersion");
        value.Remove("kind");
        return value.ToUtf8Bytes();
    }
}
