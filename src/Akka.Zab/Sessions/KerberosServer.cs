using System.Buffers;
using System.Net.Security;
using System.Runtime.InteropServices;
using System.Text;
using Akka.Zab.Client.Sasl;
using Akka.Zab.Tree;

namespace Akka.Zab.Sessions;

/// <summary>
/// The server's end of SASL's GSSAPI with Kerberos (RFC 4752), for one client: its ticket is checked against the keytab,
/// then both agree that what follows is not protected, which is all that ZooKeeper's clients know. Who a client is, the
/// ticket says.
/// </summary>
internal sealed class KerberosServer : ISaslServer
{
    /// <summary>What a client's first token begins with: the frame of all GSSAPI mechanisms (RFC 2743).</summary>
    public const byte FirstByte = 0x60;

    // Of the layers of protection there is only the one that is none; no size follows.
    private static readonly byte[] NoLayer = [1, 0, 0, 0];

    private readonly KerberosSettings _settings;
    private readonly NegotiateAuthentication _context;
    private Stage _stage;

    public KerberosServer(KerberosSettings settings)
    {
        _settings = settings;
        // For the whole process, and again each time, because it may have been somebody else's in between.
        if (settings.Keytab.Length > 0) _ = RegisterKeytab(settings.Keytab);
        _context = new NegotiateAuthentication(new NegotiateAuthenticationServerOptions { Package = "Kerberos" });
    }

    private enum Stage
    {
        Ticket,
        Offer,
        Choice,
        Over,
    }

    public SaslStep Take(ReadOnlySpan<byte> token)
    {
        switch (_stage)
        {
            case Stage.Ticket:
                return Check(token);
            case Stage.Offer when token.IsEmpty:
                return Offer();
            case Stage.Choice:
                _stage = Stage.Over;
                return Judge(token);
            default:
                _stage = Stage.Over;
                return SaslStep.Fail("it is over, and the client goes on");
        }
    }

    public void Dispose() => _context.Dispose();

    private SaslStep Check(ReadOnlySpan<byte> token)
    {
        var answer = _context.GetOutgoingBlob(token, out var status) ?? [];
        switch (status)
        {
            case NegotiateAuthenticationStatusCode.ContinueNeeded:
                return SaslStep.GoOn(answer);
            case NegotiateAuthenticationStatusCode.Completed:
                _stage = Stage.Offer;
                return answer.Length > 0 ? SaslStep.GoOn(answer) : Offer();
            default:
                _stage = Stage.Over;
                return SaslStep.Fail($"Kerberos says {status}");
        }
    }

    private SaslStep Offer()
    {
        var offer = new ArrayBufferWriter<byte>();
        var status = _context.Wrap(NoLayer, offer, requestEncryption: false, out _);
        _stage = Stage.Choice;
        return status == NegotiateAuthenticationStatusCode.Completed
            ? SaslStep.GoOn(offer.WrittenSpan.ToArray())
            : SaslStep.Fail($"Kerberos says {status}");
    }

    private SaslStep Judge(ReadOnlySpan<byte> token)
    {
        var choice = new ArrayBufferWriter<byte>();
        var status = _context.Unwrap(token, choice, out _);
        if (status != NegotiateAuthenticationStatusCode.Completed) return SaslStep.Fail($"Kerberos says {status}");
        var chosen = choice.WrittenSpan;
        if (chosen.Length < NoLayer.Length || chosen[0] != NoLayer[0])
            return SaslStep.Fail("the client wants a layer of protection that there is not");
        var name = _context.RemoteIdentity.Name ?? "";
        var actFor = Encoding.UTF8.GetString(chosen[NoLayer.Length..]);
        if (actFor.Length > 0 && actFor != name) return SaslStep.Fail($"{name} may not act for another");
        if (!PrincipalName.IsValid(name) || !name.EndsWith("@" + _settings.Realm, StringComparison.Ordinal))
            return SaslStep.Fail($"{name} is not of the realm {_settings.Realm}");
        return SaslStep.Done(null, PrincipalName.Shortened(name, _settings.RemoveHost, _settings.RemoveRealm));
    }

    [DllImport(KerberosSettings.Library, EntryPoint = "krb5_gss_register_acceptor_identity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint RegisterKeytab([MarshalAs(UnmanagedType.LPUTF8Str)] string keytab);
}
