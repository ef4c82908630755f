using System.Text.Json.Nodes;

namespace FaultTolerance.StandIn.Tests.Operator;

/// <summary>The same graph in both API versions.</summary>
internal static class Graphs
{
    public static JsonObject Alpha() =>
        Parse(
            """
            {"apiVersion":"nvidia.com/v1alpha1","kind":"DynamoGraphDeployment",
             "metadata":{"name":"graph","namespace":"ft","uid":"u1","generation":3},
             "spec":{"envs":[{"name":"DYN_LOGGING_JSONL","value":"true"}],"services":{
               "Frontend":{"dynamoNamespace":"dn","componentType":"frontend","replicas":1,"extraPodSpec":{"mainContainer":{"image":"img:1"}}},
               "VllmPrefillWorker":{"dynamoNamespace":"dn","componentType":"worker","subComponentType":"prefill","replicas":2,
                 "resources":{"limits":{"gpu":"1"}},
                 "extraPodSpec":{"mainContainer":{"image":"img:1","command":["python3","-m","dynamo.vllm"],"args":["--model","M","--is-prefill-worker"]}}}}}}
            """
        );

    public static JsonObject Beta() =>
        Parse(
            """
            {"apiVersion":"nvidia.com/v1beta1","kind":"DynamoGraphDeployment",
             "metadata":{"name":"graph","namespace":"ft","uid":"u1","generation":3},
             "spec":{"env":[{"name":"DYN_LOGGING_JSONL","value":"true"}],"components":[
               {"name":"Frontend","dynamoNamespace":"dn","type":"frontend","replicas":1,"podTemplate":{"spec":{"containers":[{"name":"main","image":"img:1"}]}}},
               {"name":"VllmPrefillWorker","dynamoNamespace":"dn","type":"worker","replicas":2,"podTemplate":{"spec":{"containers":[
                 {"name":"main","image":"img:1","command":["python3","-m","dynamo.vllm"],"args":["--model","M","--is-prefill-worker"],
                  "resources":{"limits":{"nvidia.com/gpu":"1"}}}]}}}]}}
            """
        );

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}
