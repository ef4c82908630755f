using FaultTolerance.LocalCluster.Kubelet;

namespace FaultTolerance.LocalCluster.Tests.Kubelet;

public sealed class MemoryQuantityTests
{
    [Theory]
    [InlineData("512Mi", 536870912L)]
    [InlineData("1.5G", 1500000000L)]
    [InlineData("2Ki", 2048L)]
    [InlineData("1000", 1000L)]
    [InlineData("3k", 3000L)]
    [InlineData("", null)]
    [InlineData("much", null)]
    [InlineData("-1Mi", null)]
    [InlineData(null, null)]
    public void Bytes_of_a_quantity_or_of_what_is_none(string? text, long? expected) => Assert.Equal(expected, MemoryQuantity.Bytes(text));
}
