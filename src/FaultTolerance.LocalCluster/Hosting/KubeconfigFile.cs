using System.Text;
using FaultMatrix.Shared;

namespace FaultTolerance.LocalCluster.Hosting;

/// <summary>Writes kubeconfig files: whole or not at all, readable by the owner alone.</summary>
internal static class KubeconfigFile
{
    /// <summary>Writes the file. FT3004 when it cannot be written.</summary>
    public static void Write(string file, string server, string authorityPem, string token, string @namespace)
    {
        var text =
            $"""
            apiVersion: v1
            kind: Config
            current-context: faultmatrix-local
            clusters:
            - name: faultmatrix-local
              cluster:
                server: {server}
                certificate-authority-data: {Convert.ToBase64String(Encoding.ASCII.GetBytes(authorityPem))}
            contexts:
            - name: faultmatrix-local
              context:
                cluster: faultmatrix-local
                user: kubernetes-admin
                namespace: {@namespace}
            users:
            - name: kubernetes-admin
              user:
                token: {token}

            """;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            AtomicFile.WriteText(file, text, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError("FT3004", $"the kubeconfig {file} cannot be written: {e.Message}");
        }
    }
}
