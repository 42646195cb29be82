using Akka.Zab.Client;

namespace Akka.Zab;

/// <summary>Whether clients of the port with TLS show a certificate.</summary>
internal enum ClientCertificates
{
    /// <summary>They are not asked for one.</summary>
    None,

    /// <summary>They may; one that is shown must be good.</summary>
    Optional,

    /// <summary>They must.</summary>
    Required,
}

/// <summary>The port with TLS for ZooKeeper clients. The certificate is that of remoting.</summary>
/// <param name="Host">The address to listen on.</param>
/// <param name="Port">0 takes a free one.</param>
/// <param name="ClientCertificates">Whether clients show one.</param>
/// <param name="Authorities">
/// A PEM file of the authorities that client certificates are trusted of; empty for those of the machine.
/// </param>
internal sealed record TlsPortSettings(string Host, int Port, ClientCertificates ClientCertificates, string Authorities)
{
    /// <summary>Null if there is no such port.</summary>
    public static TlsPortSettings? Read(SettingsReader reader)
    {
        const string certificates = "client-port.tls.client-certificates";
        return reader.Flag("client-port.tls.enabled")
            ? new TlsPortSettings(
                reader.Text("client-port.tls.host"),
                reader.Int("client-port.tls.port", 0, 65535),
                reader.Text(certificates) switch
                {
                    "none" => ClientCertificates.None,
                    "optional" => ClientCertificates.Optional,
                    "required" => ClientCertificates.Required,
                    _ => throw reader.Wrong(certificates, "none, optional or required"),
                },
                reader.Text("client-port.tls.authorities"))
            : null;
    }
}
