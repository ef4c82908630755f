using System.Runtime.CompilerServices;
using FaultTolerance.LocalCluster.Hosting;

namespace FaultTolerance.LocalCluster.Tests.Hosting;

/// <summary>
/// Pods of these tests are children of the test program. A script that starts it in the background has it ignore SIGINT, and its children
/// with it: as the local cluster's own program does, it takes the signals back before the runtime looks at them.
/// </summary>
internal static class InheritedSignals
{
    [ModuleInitializer]
    internal static void Reset() => SignalDispositions.Reset();
}
