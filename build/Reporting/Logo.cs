using System.Reflection;
using System.Runtime.InteropServices;
using FaultMatrix.Build.Commands;

namespace FaultMatrix.Build.Reporting;

/// <summary>The lines at the top.</summary>
internal static class Logo
{
    private const string Drawing = """

        █▀▀ ▄▀█ █ █ █   ▀█▀   █▀▄▀█ ▄▀█ ▀█▀ █▀█ █ ▀▄▀
        █▀  █▀█ █▄█ █▄▄  █    █ ▀ █ █▀█  █  █▀▄ █ █ █

        """;

    public static void Write(FrontContext context)
    {
        if (context.Console.Verbosity > Verbosity.Normal)
        {
            return;
        }

        if (!context.Parameters.Flag("NoLogo"))
        {
            context.Console.Raw(context.Console.Paint(Drawing, "36"));
        }

        var version = typeof(Logo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        context.Console.Raw($"FaultMatrix Execution Engine version {version} ({RuntimeInformation.OSDescription.Split(' ')[0]},{RuntimeInformation.FrameworkDescription})".Replace(",.NET", ", .NET"));
        context.Console.Raw("");
    }
}
