using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Protobuf;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Api.Protobuf;

/// <summary>Bodies as client-go writes them: every field that is no pointer is sent, zero or not.</summary>
public class ProtobufBodyTests
{
    [Fact]
    public void Read_of_an_access_review_gives_what_was_asked_and_leaves_out_what_was_not_set()
    {
        // What kubectl 1.33 sends for "auth can-i create pods".
        var attributes = Message((1, "ns"), (2, "create"), (3, ""), (4, "*"), (5, "pods"), (6, ""), (7, ""));
        var body = Body(
            "authorization.k8s.io/v1",
            "SelfSubjectAccessReview",
            Message(
                (1, Message((1, ""), (2, ""), (3, ""), (4, ""), (5, ""), (6, ""), (7, 0), (8, Message()))),
                (2, Message((1, attributes))),
                (3, Message((1, 0), (2, ""), (3, ""), (4, 0)))
            )
        );

        Assert.Equal(
            """{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":{"namespace":"ns","verb":"create","version":"*","resource":"pods"}},"status":{"allowed":false}}""",
            ProtobufBody.Read(body).ToJsonString());
    }

    [Fact]
    public void Read_of_a_pod_gives_lists_maps_inline_fields_and_zeros_that_were_asked_for()
    {
        var probe = Message((1, Message((2, Message((1, "/live"), (2, Message((1, 1), (2, 0), (3, "http"))))))), (2, 0), (4, 5));
        var container = Message(
            (1, "main"),
            (2, "i:1"),
            (3, "sh"),
            (3, ""),
            (7, Message((1, "A"), (2, ""))),
            (8, Message((1, Message((1, "cpu"), (2, Message((1, "100m"))))))),
            (10, probe)
        );
        var volume = Message((1, "v"), (2, Message((2, Message()))));
        var pod = Body("v1", "Pod", Message(
            (1, Message((1, "p"), (8, Message((1, 1_700_000_000))), (11, Message((1, "a"), (2, "b"))), (11, Message((1, "c"), (2, ""))))),
            (2, Message((1, volume), (2, container), (4, 0), (21, 0), (999, "of a later version")))));

        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse(
                    """
                    {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","creationTimestamp":"2023-11-14T22:13:20Z","labels":{"a":"b","c":""}},
                     "spec":{"terminationGracePeriodSeconds":0,"automountServiceAccountToken":false,"volumes":[{"name":"v","emptyDir":{}}],
                             "containers":[{"name":"main","image":"i:1","command":["sh",""],"env":[{"name":"A"}],"resources":{"limits":{"cpu":"100m"}},
                                            "livenessProbe":{"httpGet":{"path":"/live","port":"http"},"periodSeconds":5}}]}}
                    """
                ),
                ProtobufBody.Read(pod)
            ),
            ProtobufBody.Read(pod).ToJsonString()
        );
    }

    [Theory]
    [InlineData("{\"kind\":\"Pod\"}")]
    [InlineData("k8s\0\u0012")]
    [InlineData("k8s\0\u000a\u0005\u0012\u0003Pod\u0012\u0002\u000a\u0009")]
    [InlineData("k8s\0\u000f")]
    public void Read_of_broken_bytes_is_a_bad_request(string body) =>
        Assert.Equal(400, Assert.Throws<StoreException>(() => ProtobufBody.Read(Encoding.UTF8.GetBytes(body))).Status);

    [Fact]
    public void Read_of_a_kind_that_is_not_known_is_an_unsupported_media_type() =>
        Assert.Equal(415, Assert.Throws<StoreException>(() => ProtobufBody.Read(Body("a.b/v1", "Widget", []))).Status);

    [Fact]
    public async Task Create_from_protobuf_stores_the_object_and_answers_JSON()
    {
        await using var api = await ApiFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/namespaces/ns/configmaps")
        {
            Content = new ByteArrayContent(Body("v1", "ConfigMap", Message((1, Message((1, "m"))), (2, Message((1, "k"), (2, "v")))))),
        };
        request.Content.Headers.ContentType = new(ProtobufBody.MediaType);
        request.Headers.TryAddWithoutValidation("Accept", $"{ProtobufBody.MediaType},application/json");

        using var response = await api.Http().SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal((201, "application/json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal("v", api.Store.Get(new(ResourceType.Core("configmaps"), "ns", "m")).Text("data", "k"));
    }

    private static byte[] Body(string apiVersion, string kind, byte[] raw) =>
        [.. "k8s\0"u8, .. Message((1, Message((1, apiVersion), (2, kind))), (2, raw), (3, ""), (4, ""))];

    private static byte[] Message(params (int Field, object Value)[] fields)
    {
        var bytes = new List<byte>();
        foreach (var (field, value) in fields)
        {
            if (value is int number)
            {
                bytes.AddRange(Varint((field << 3) | 0));
                bytes.AddRange(Varint(number));
                continue;
            }

            var content = value as byte[] ?? Encoding.UTF8.GetBytes((string)value);
            bytes.AddRange(Varint((field << 3) | 2));
            bytes.AddRange(Varint(content.Length));
            bytes.AddRange(content);
        }

        return [.. bytes];
    }

    private static IEnumerable<byte> Varint(int value)
    {
        var rest = (uint)value;
        for (; rest >= 0x80; rest >>= 7)
        {
            yield return (byte)(rest | 0x80);
        }

        yield return (byte)rest;
    }
}
