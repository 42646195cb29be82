namespace Akka.Zab.Protocol;

/// <summary>
/// Numbered questions to the followers, and how far a quorum has answered: when it has answered one that was asked
/// after a moment, no other leader was established before that moment. The leader itself needs no question.
/// </summary>
internal sealed class QuorumConfirmation(int self, IQuorum quorum)
{
    private readonly Dictionary<int, long> answered = [];

    /// <summary>The last question asked.</summary>
    public long Asked { get; private set; }

    /// <summary>The last question that a quorum has answered.</summary>
    public long Confirmed { get; private set; }

    /// <summary>Whether a question is under way.</summary>
    public bool IsAsking => Confirmed < Asked;

    /// <summary>The number of a new question.</summary>
    public long Ask()
    {
        Asked++;
        Evaluate();
        return Asked;
    }

    public void Answer(int server, long question)
    {
        answered[server] = question;
        Evaluate();
    }

    public void Leave(int server) => answered.Remove(server);

    private void Evaluate()
    {
        if (Confirmed == Asked)
            return;
        var alone = new ServerSet(self);
        if (quorum.IsReachedBy(alone))
        {
            Confirmed = Asked;
            return;
        }

        foreach (var (_, candidate) in answered)
        {
            if (candidate <= Confirmed)
                continue;
            var servers = alone;
            foreach (var (server, question) in answered)
            {
                if (question >= candidate)
                    servers.Add(server);
            }

            if (quorum.IsReachedBy(servers))
                Confirmed = candidate;
        }
    }
}
