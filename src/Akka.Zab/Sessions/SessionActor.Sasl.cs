using Akka.Actor;
using Akka.Event;
using Akka.Zab.Client;
using Akka.Zab.Client.Sasl;
using Akka.Zab.Replica;
using Akka.Zab.Tree;

namespace Akka.Zab.Sessions;

/// <summary>The login with SASL: whoever has proved who he is to it is known as <c>sasl:USER</c> from then on.</summary>
internal sealed partial class SessionActor
{
    private ISaslServer? _login;

    private Reply Authenticate(SaslLogin request)
    {
        if (_settings.Sasl is not { } sasl) return new SaslReply(null);
        // The protocol does not name the mechanism, but the first token does.
        _login ??= sasl.Kerberos is { } kerberos && request.Token is [KerberosServer.FirstByte, ..]
            ? new KerberosServer(kerberos)
            : new DigestMd5Server(sasl.HashOf, _settings.FillRandom);
        var step = _login.Take(request.Token);
        if (step.State == SaslState.Failed) return Refuse(sasl, step.Text);
        if (step.State == SaslState.Done)
        {
            var who = _who.With(new Identity(Identities.Sasl, step.Text));
            Become(sasl.IsSuper(step.Text) ? who.With(_everything) : who);
        }
        return new SaslReply(step.Token);
    }

    private Reply Refuse(SaslSettings sasl, string why)
    {
        Context.GetLogger().Info("The SASL login of session 0x{0:x} is refused: {1}.", _sessionId, why);
        var required = _settings.RequiredSchemes.Contains(Identities.Sasl);
        if (sasl.AllowFailed && !required) return new SaslReply(null);
        _refused = true;
        return new ErrorReply(required ? ZabError.SessionClosedRequireAuth : ZabError.AuthFailed);
    }

    // It counts from here on, and for what stands before it in the same run, as it does with ZooKeeper.
    private void Become(Identities who)
    {
        if (!ReferenceEquals(who, _who)) _neighbours.Replica.Tell(new IdentitiesChanged(_connection, who));
        _who = who;
    }
}
