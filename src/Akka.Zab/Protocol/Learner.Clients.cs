using Akka.Zab.Replica;
using Akka.Zab.Tree;

namespace Akka.Zab.Protocol;

/// <summary>What a learner does for the clients of its server: it forwards, and hands on what comes back.</summary>
internal sealed partial class Learner
{
    private static readonly Func<long, long, long, Client.Reply, Answer> MakeAnswer =
        static (session, request, after, reply) => new Answer(session, request, after, reply);

    private readonly RequestEncoder forwards = new();
    private readonly HashSet<long> touched = [];

    private void OnWrites(SubmitWrites writes)
    {
        if (!Peer.Serving)
            return;
        if (forwards.Count == 0)
            Peer.FlushSoon();
        foreach (var write in writes.Writes)
        {
            forwards.Add(writes.SessionId, write.RequestId, write.Operation, writes.Who, writes.Local);
            if (forwards.Length >= Settings.MaxBatchBytes)
                Forward();
        }
    }

    private void Forward()
    {
        if (forwards.Count > 0)
            Send(new ForwardWrites(output.Link, output.Next(), forwards.Finish()));
    }

    private void OnAnswers(ForwardAnswers answers) =>
        Context.Replica.Tell(new DeliverAnswers([.. AnswerCodec.Decode(answers.Bytes, MakeAnswer)]), Peer.Me);

    private void OnTouched(TouchSessions sessions)
    {
        foreach (var session in sessions.SessionIds)
            touched.Add(session);
    }

    private long[] TakeTouched()
    {
        if (touched.Count == 0)
            return [];
        long[] sessions = [.. touched];
        touched.Clear();
        return sessions;
    }
}
