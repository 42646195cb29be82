using Akka.Actor;
using Akka.Zab.Client;
using Akka.Zab.Protocol;
using Akka.Zab.Tree;

namespace Akka.Zab.Sessions;

/// <summary>
/// A session that only this server knows: its close is answered here, and what would leave something of it in the tree
/// makes it one of the ensemble's if that is wanted. While there is no leader every write is refused.
/// </summary>
internal sealed partial class SessionActor
{
    private bool _local;

    /// <summary>Answers a write that does not go to the leader. False for one that does.</summary>
    private bool AnswerLocally(long requestId, WriteRequest write)
    {
        if (write is CloseSession)
        {
            // Answered in its turn, so after everything that was asked for before it.
            _closeRequest = requestId;
            Context.Parent.Tell(new LocalSessionClosed(_sessionId));
            _queue.Complete(requestId, 0, DoneReply.Instance);
            return true;
        }
        if (_opening.ReadOnly)
        {
            _queue.Complete(requestId, 0, new ErrorReply(ZabError.NotReadOnly));
            return true;
        }
        // Without upgrades the leader refuses it, in its turn.
        if (_settings.LocalSessionsUpgrade && LocalRules.MakesEphemeral(write)) Upgrade();
        return false;
    }

    /// <summary>
    /// The session becomes one of the ensemble's, with the same id and secret. The transaction that opens it goes between
    /// what was asked for before and what needs it, and its answer to nobody: what needs it is answered.
    /// </summary>
    private void Upgrade()
    {
        SendOn();
        _local = false;
        _writes.Add(new NumberedWrite(0, new OpenSession(_sessionId, _opening.Secret, _timeoutMs)));
        Context.Parent.Tell(new SessionUpgraded(_sessionId));
    }
}
