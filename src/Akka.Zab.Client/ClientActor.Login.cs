using System.Security.Cryptography;
using Akka.Event;
using Akka.Zab.Client.Sasl;

namespace Akka.Zab.Client;

/// <summary>
/// The login with SASL, on each new connection before anything else, so that a server that demands it has nothing to
/// refuse.
/// </summary>
internal sealed partial class ClientActor
{
    private DigestMd5Client? _login; // while it is under way
    private bool _wasConnected;

    private void LogIn(SaslCredentials credentials)
    {
        _login = new DigestMd5Client(credentials, static bytes => RandomNumberGenerator.Fill(bytes));
        Number(new SaslLogin([]), null);
        Send();
    }

    private void OnLogin(Reply reply)
    {
        var step = reply switch
        {
            SaslReply { Token: { } token } => _login!.Take(token),
            SaslReply => SaslStep.Fail("the server knows nobody by SASL, or not with this password"),
            _ => SaslStep.Fail("the server does not know the user, or not with this password"),
        };
        switch (step.State)
        {
            case SaslState.GoesOn:
                Number(new SaslLogin(step.Token!), null);
                Send();
                break;
            case SaslState.Done:
                _login = null;
                GoOn();
                break;
            default:
                OnLoginRefused(step.Text);
                break;
        }
    }

    private void OnLoginRefused(string why)
    {
        _log.Warning("The SASL login of {0} failed: {1}.", _options.Sasl!.User, why);
        // The session of a first connection is nobody's, and goes when its time is over.
        if (!_wasConnected) _firstConnection.TrySetException(ZabException.For(ZabError.AuthFailed));
        // Who was let in before tries on: the servers may differ, or be about to learn of a new password.
        Lose("the login was refused");
    }
}
