using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>The answers to one request to write: a verdict on the whole, then one message for each event.</summary>
sealed class WriteAnswer(WriteMessages request, IActorRef journal)
{
    /// <summary>Answers with the outcome of the write; no task means that there was nothing to write.</summary>
    public void Send(Task<IImmutableList<Exception>>? write, int writeCount)
    {
        if (write is null)
            Succeed(null);
        else if (!write.IsCompletedSuccessfully)
            Fail(Cause(write), writeCount);
        else if (write.Result is { } rejections && rejections.Count != writeCount)
            Fail(
                new InvalidOperationException(
                    $"The journal returned {rejections.Count} results for {writeCount} writes."),
                writeCount);
        else
            Succeed(write.Result);
    }

    /// <summary>Answers that every event is rejected.</summary>
    public void Reject(Exception cause)
    {
        Tell(WriteMessagesSuccessful.Instance, journal);
        ForEachEvent((p, _) => new WriteMessageRejected(p, cause, request.ActorInstanceId));
    }

    static Exception Cause(Task write) =>
        write.Exception is { } e
            ? e.Flatten().InnerExceptions is [var only] ? only : e
            : new OperationCanceledException("The write was cancelled.");

    void Fail(Exception cause, int writeCount)
    {
        Tell(new WriteMessagesFailed(cause, writeCount), journal);
        ForEachEvent((p, _) => new WriteMessageFailure(p, cause, request.ActorInstanceId));
    }

    void Succeed(IImmutableList<Exception>? rejections)
    {
        Tell(WriteMessagesSuccessful.Instance, journal);
        ForEachEvent((p, write) => rejections?[write] is { } cause
            ? new WriteMessageRejected(p, cause, request.ActorInstanceId)
            : new WriteMessageSuccess(p, request.ActorInstanceId));
    }

    void ForEachEvent(Func<IPersistentRepresentation, int, object> answer)
    {
        var index = 0;
        foreach (var envelope in request.Messages)
        {
            if (envelope is not AtomicWrite write)
            {
                Tell(new LoopMessageSuccess(envelope.Payload, request.ActorInstanceId), envelope.Sender);
                continue;
            }
            for (var i = 0; i < write.Size; i++)
                Tell(answer(write[i], index), write[i].Sender);
            index++;
        }
    }

    // The sender is the one whose command led to the event, so that a handler can answer it.
    void Tell(object message, IActorRef? sender) => request.PersistentActor.Tell(message, sender);
}
