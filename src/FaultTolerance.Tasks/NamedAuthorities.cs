using System.Security.Cryptography.X509Certificates;

namespace FaultTolerance;

/// <summary>Trust in authorities that the user named, in place of the system's.</summary>
internal static class NamedAuthorities
{
    /// <summary>
    /// How a certificate is checked: one of these must have signed it, or an authority below it that the server shows.
    /// </summary>
    public static X509ChainPolicy Policy(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
