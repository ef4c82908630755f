using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Wire;
using FaultTolerance.StandIn.Worker.Engines;

namespace FaultTolerance.StandIn.Worker;

/// <summary>What a worker logs when it takes requests: the texts of upstream's engines, in the version that is asked for.</summary>
internal static class ReadyTexts
{
    public static void Write(ConsoleLog log, StandInSettings settings, WorkerOptions options)
    {
        var released = settings.Today is { Texts: ReleaseTexts.Released };
        if (options.Engine == EngineKind.Mocker)
        {
            log.Info("log", $"All {options.Workers} mocker worker(s) created and running");
        }

        if (released)
        {
            var component = options.Role == WorkerRole.Prefill ? "prefill" : "backend";
            var endpoint = $"{settings.DynamoNamespace ?? "dynamo"}.{component}.generate";
            log.Info(
                "dynamo_runtime::pipeline::network::ingress::shared_tcp_endpoint",
                $"Registered endpoint '{endpoint}' with shared TCP server on {settings.PodIp}:{settings.RequestPort}");
        }

        if (options.Engine == EngineKind.Vllm)
        {
            log.Info(
                released ? "log" : "dynamo.vllm",
                released
                    ? $"worker for {options.Model} has been initialized"
                    : $"main.init: VllmWorker for {options.Model} has been initialized"
            );
        }
        else if (options.Engine == EngineKind.Sglang)
        {
            log.Info(
                "dynamo.sglang",
                options.Role == WorkerRole.Prefill
                    ? "Prefill worker handler initialized - bootstrap host: 0.0.0.0, bootstrap port: 12345"
                    : "Decode worker handler initialized (serving_mode=agg)");
            log.Info("dynamo.sglang", "Model registration succeeded; processing queued requests");
        }
        else if (options.Engine == EngineKind.Trtllm)
        {
            // This engine has no text that says that it serves; this one is near.
            log.Info("dynamo.trtllm", "TRT-LLM engine health monitor started.");
        }
    }
}
