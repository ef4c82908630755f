using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Kubernetes;
using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Worker;

/// <summary>
/// A worker's card, with which it registers where workers are found by Kubernetes. The calls are a real worker's: the whole card by
/// server-side apply at each registration, first its endpoint and then its model.
/// </summary>
internal sealed class Registration(StandInSettings settings, ConsoleLog log) : IDisposable
{
    private const string Manager = "dynamo-worker";
    private const string Target = "dynamo_runtime::discovery::kube";
    private KubernetesApi? _api;
    private string? _card;

    /// <summary>
    /// Registers the endpoint, and then the model. Does nothing where leases are kept, the pod has no token, or the cluster does not serve
    /// cards.
    /// </summary>
    /// <returns>Whether nothing stood in the way; a real worker ends where something does.</returns>
    public async Task<bool> MakeAsync(WorkerOptions options, CancellationToken cancellation)
    {
        if (settings.Today is not { Discovery: DiscoveryBackend.Kubernetes }
            || settings.PodUid is null
            || ClusterConfig.TryFromEnvironment(Environment.GetEnvironmentVariable) is not { } config)
        {
            return true;
        }

        _api = new(config);
        try
        {
            if (await WorkerCards.FindAsync(_api, settings.PodNamespace, cancellation) is not { } cards)
            {
                log.Info(Target, "the cluster serves no worker cards: found by its pod alone");
                return true;
            }

            _card = $"{cards.Cards}/{settings.PodName}";
            var (endpoint, model) = Of(options);
            await ApplyAsync(endpoint, [], cancellation);
            await ApplyAsync((JsonObject)endpoint.DeepClone(), model, cancellation);
            log.Info(Target, $"wrote worker card {settings.PodName}");
            return true;
        }
        catch (Exception refused) when (refused is KubernetesException or HttpRequestException or IOException)
        {
            log.Error(Target, $"failed to write worker card: {refused.Message}");
            return false;
        }
    }

    /// <summary>Takes endpoint and model out of the card, where there is one. A refusal is told only: the worker goes anyhow.</summary>
    public async Task WithdrawAsync(CancellationToken cancellation)
    {
        if (_card is null)
        {
            return;
        }

        try
        {
            await ApplyAsync([], [], cancellation);
        }
        catch (Exception refused) when (refused is KubernetesException or HttpRequestException or IOException or OperationCanceledException)
        {
            log.Warn(Target, $"failed to withdraw worker card: {refused.Message}");
        }
    }

    public void Dispose() => _api?.Dispose();

    private (JsonObject Endpoint, JsonObject Model) Of(WorkerOptions options)
    {
        var component = options.Role == WorkerRole.Prefill ? "prefill" : "backend";
        var space = settings.DynamoNamespace ?? "dynamo";
        var name = $"{space}/{component}/generate";
        return (
            new()
            {
                [name] = new JsonObject
                {
                    ["component"] = component,
                    ["endpoint"] = "generate",
                    ["namespace"] = space,
                    ["transport"] = new JsonObject { ["tcp"] = $"{settings.PodIp}:{settings.RequestPort}" },
                },
            },
            new() { [name] = new JsonObject { ["display_name"] = options.Model } });
    }

    private Task<JsonObject> ApplyAsync(JsonObject endpoints, JsonObject models, CancellationToken cancellation) => _api!.ApplyAsync(
        _card!,
        Manager,
        new JsonObject
        {
            ["apiVersion"] = WorkerCards.ApiVersion,
            ["kind"] = "DynamoWorkerMetadata",
            ["metadata"] = new JsonObject
            {
                ["name"] = settings.PodName,
                ["ownerReferences"] = new JsonArray(
                    new JsonObject
                    {
                        ["apiVersion"] = "v1",
                        ["kind"] = "Pod",
                        ["name"] = settings.PodName,
                        ["uid"] = settings.PodUid,
                        ["controller"] = true,
                    }
                ),
            },
            ["spec"] = new JsonObject
            {
                ["data"] = new JsonObject { ["endpoints"] = endpoints, ["model_cards"] = models, ["event_channels"] = new JsonObject() },
            },
        },
        cancellation);
}
