namespace FaultMatrix.FakeDomain;

/// <summary>Stands for the task that writes the generated files: a fake root has none of them.</summary>
public sealed class WriteReference : Microsoft.Build.Utilities.Task
{
    public string Root { get; set; } = "";

    public override bool Execute() => Directory.Exists(Root);
}
