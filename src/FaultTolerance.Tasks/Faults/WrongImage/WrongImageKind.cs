using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Faults.Words;
using FaultTolerance.Faults.Workloads;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.WrongImage;

/// <summary>Rolls out an image that cannot be had, and rolls back.</summary>
internal sealed class WrongImageKind : ChangedServiceKind<WrongImageFault>
{
    private const string ImageKey = "image";
    private static readonly string[] NotPulled = ["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"];

    /// <inheritdoc/>
    public override string Kind => WrongImageFault.Word;

    /// <inheritdoc/>
    public override string Summary => "rolls out an image that cannot be had, and rolls back after a while";

    /// <inheritdoc/>
    public override string Proof => "a new pod of the service waits for the image, as its kubelet says";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } =
    [
        new(ImageKey, new JsonObject { ["type"] = "string", ["minLength"] = 1, ["default"] = WrongImageFault.Nowhere }, "the image."),
        CommonKeys.For,
    ];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<WrongImageFault>(
        fault => fault.Image, fault => $"rolls out image {fault.Image} in", _ => "wrong image",
            "An image that cannot be had was rolled out in");

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new WrongImageFault { Image = item.Text(ImageKey) ?? WrongImageFault.Nowhere, For = CommonKeys.ReadFor(item) };
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Place(WrongImageFault fault, ServicePlaces places)
    {
        ArgumentNullException.ThrowIfNull(places);
        return places.Image;
    }

    /// <inheritdoc/>
    protected override JsonNode Value(WrongImageFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return JsonValue.Create(fault.Image);
    }

    /// <inheritdoc/>
    protected override string? Proves(WrongImageFault fault, IReadOnlyList<GraphPod> pods, IReadOnlySet<string> before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return pods.Where(pod => !before.Contains(pod.Uid))
            .Select(pod => (pod.Name, pod.MainStatus?.State?.Waiting?.Reason))
            .Where(pod => NotPulled.Contains(pod.Reason, StringComparer.Ordinal))
            .Select(pod => $"{pod.Name} waits: {pod.Reason}").FirstOrDefault();
    }
}
