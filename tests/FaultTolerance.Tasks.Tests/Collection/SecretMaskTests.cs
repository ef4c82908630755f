using FaultTolerance.Collection;
using k8s;
using k8s.Models;

namespace FaultTolerance.Tests.Collection;

public sealed class SecretMaskTests
{
    [Fact]
    public void Apply_masks_literals_and_keeps_references_and_the_original()
    {
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta
            {
                Name = "p",
                Annotations = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["kubectl.kubernetes.io/last-applied-configuration"] = "s3cret",
                    ["a"] = "b",
                },
            },
            Spec = new V1PodSpec
            {
                Containers =
                [
                    new V1Container
                    {
                        Name = "main",
                        Env =
                        [
                            new V1EnvVar { Name = "HF_TOKEN", Value = "s3cret" },
                            new V1EnvVar { Name = "openai_api_key", Value = "s3cret" },
                            new V1EnvVar
                            {
                                Name = "DB_PASSWORD",
                                ValueFrom = new V1EnvVarSource
                                {
                                    SecretKeyRef = new V1SecretKeySelector { Name = "n", Key = "k" },
                                },
                            },
                            new V1EnvVar { Name = "MAX_TOKENS", Value = "100" },
                        ],
                        Command = ["serve", "--api-key", "s3cret", "--token=s3cret", "--max-tokens", "100"],
                        Args = ["python3 -m x --hf-token s3cret --port 8000"],
                    },
                ],
            },
        };
        var masked = SecretMask.Apply(pod);
        var yaml = KubernetesYaml.Serialize(masked);
        Assert.DoesNotContain("s3cret", yaml, StringComparison.Ordinal);
        Assert.Equal("100", masked.Spec.Containers[0].Env[3].Value);
        Assert.Equal(["serve", "--api-key", "***", "--token=***", "--max-tokens", "100"], masked.Spec.Containers[0].Command);
        Assert.Equal(["python3 -m x --hf-token *** --port 8000"], masked.Spec.Containers[0].Args);
        Assert.Equal("k", masked.Spec.Containers[0].Env[2].ValueFrom.SecretKeyRef.Key);
        Assert.Equal("s3cret", pod.Spec.Containers[0].Env[0].Value);
        Assert.Equal("b", masked.Metadata.Annotations["a"]);
    }

    [Fact]
    public void Apply_masks_wherever_a_pod_may_hold_one()
    {
        const string Secret = "hunter22Xy";
        var pod = KubernetesYaml.Deserialize<V1Pod>("""
            metadata:
              name: p
              annotations:
                example.com/api-token: SECRET
                example.com/config: '{"password":"SECRET"}'
                example.com/replicas-per-token: "3"
            spec:
              initContainers:
              - name: init
                env: [{name: MY_JWT, value: SECRET}]
                command: [sh, -c, "export DB_PASSWORD=SECRET; run"]
              ephemeralContainers:
              - name: shell
                env: [{name: AUTH, value: SECRET}]
                args: [--cookie, SECRET]
              containers:
              - name: main
                env: [{name: DSN, value: "postgres://u:SECRET@db/x"}, {name: DB_PASSWORD, value: "12345678"}]
                livenessProbe: {httpGet: {path: /, port: 80, httpHeaders: [{name: Authorization, value: "Basic SECRET"}]}}
                readinessProbe: {exec: {command: [curl, -u, "me:SECRET", "http://x"]}}
                startupProbe: {httpGet: {path: "/?token=SECRET", port: 80, httpHeaders: [{name: X-Api-Key, value: SECRET}]}}
                lifecycle: {preStop: {exec: {command: [stop, --secret=SECRET]}}}
            status:
              message: "refused, password=SECRET"
              containerStatuses:
              - {name: main, image: x, imageID: x, ready: false, restartCount: 1, state: {terminated: {exitCode: 1, message: "token: SECRET"}}}
            """.Replace("SECRET", Secret, StringComparison.Ordinal));

        var yaml = KubernetesYaml.Serialize(SecretMask.Apply(pod));

        Assert.DoesNotContain("hunter22", yaml, StringComparison.Ordinal);
        Assert.DoesNotContain("12345678", yaml, StringComparison.Ordinal);
        Assert.Contains("replicas-per-token: \"3\"", yaml, StringComparison.Ordinal);
    }
}
