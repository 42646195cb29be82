using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>
/// Sends the answers to requests to write: for each a verdict on the whole, then one message for each event. They
/// leave in the order of the requests, whichever write ends first, and one request at a time: an actor sends its next
/// request when it has the verdict, and the answers to that must not overtake the rest. Whoever completes the oldest
/// request sends, and goes on with those behind it that are complete.
/// </summary>
sealed class WriteAnswers(IActorRef journal)
{
    readonly Queue<Request> _requests = new();
    bool _sending;

    /// <summary>Gives a request its place. Called by the journal's actor.</summary>
    public Request Add(WriteMessages request)
    {
        var added = new Request(this, request);
        lock (_requests)
            _requests.Enqueue(added);
        return added;
    }

    void Send()
    {
        while (true)
        {
            Request next;
            lock (_requests)
            {
                if (_sending || !_requests.TryPeek(out next!) || !next.IsComplete)
                    return;
                _requests.Dequeue();
                _sending = true;
            }
            try
            {
                next.Send(journal);
            }
            finally
            {
                lock (_requests)
                    _sending = false;
            }
        }
    }

    /// <summary>A request on its way.</summary>
    internal sealed class Request(WriteAnswers answers, WriteMessages request)
    {
        object? _verdict;
        Func<IPersistentRepresentation, int, object>? _answer;

        public bool IsComplete => _verdict is not null;

        int InstanceId => request.ActorInstanceId;

        /// <summary>Completes it with the outcome of the write; no task means that nothing was to be written.</summary>
        public void Complete(Task<IImmutableList<Exception>>? write, int writeCount)
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

        /// <summary>Completes it with the rejection of every event.</summary>
        public void Reject(Exception cause) =>
            Complete(WriteMessagesSuccessful.Instance, (p, _) => new WriteMessageRejected(p, cause, InstanceId));

        public void Send(IActorRef journal)
        {
            // The sender is the one whose command led to the event, so that a handler can answer it.
            var actor = request.PersistentActor;
            actor.Tell(_verdict!, journal);
            var index = 0;
            foreach (var envelope in request.Messages)
            {
                if (envelope is not AtomicWrite write)
                {
                    actor.Tell(new LoopMessageSuccess(envelope.Payload, InstanceId), envelope.Sender);
                    continue;
                }
                for (var i = 0; i < write.Size; i++)
                    actor.Tell(_answer!(write[i], index), write[i].Sender);
                index++;
            }
        }

        static Exception Cause(Task write) =>
            write.Exception is { } e
                ? e.Flatten().InnerExceptions is [var only] ? only : e
                : new OperationCanceledException("The write was cancelled.");

        void Fail(Exception cause, int writeCount) =>
            Complete(
                new WriteMessagesFailed(cause, writeCount), (p, _) => new WriteMessageFailure(p, cause, InstanceId));

        void Succeed(IImmutableList<Exception>? rejections) =>
            Complete(WriteMessagesSuccessful.Instance, (p, write) => rejections?[write] is { } cause
                ? new WriteMessageRejected(p, cause, InstanceId)
                : new WriteMessageSuccess(p, InstanceId));

        void Complete(object verdict, Func<IPersistentRepresentation, int, object> answer)
        {
            lock (answers._requests)
            {
                _answer = answer;
                _verdict = verdict;
            }
            answers.Send();
        }
    }
}
