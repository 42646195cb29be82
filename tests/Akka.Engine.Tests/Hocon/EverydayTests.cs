using Akka.Configuration;

namespace Akka.Engine.Tests.Hocon;

/// <summary>Configurations of the kinds that Akka.NET's manual shows, in one piece as a user has them.</summary>
public class EverydayTests
{
    [Fact]
    public void An_applications_own_file_over_the_defaults_of_the_engine()
    {
        var config = ConfigurationFactory.ParseString(
            """
            # what the operators change
            akka {
              stdout-loglevel = INFO
              loglevel = DEBUG
              loggers = ["MyApp.MyLogger, MyApp"]
              log-config-on-start: on

              actor {
                provider = cluster
                debug {
                  receive = on      // every message
                  autoreceive = on
                }
                deployment {
                  /parent/worker {
                    dispatcher = blocking
                    stash-capacity = 2
                  }
                  "/singleton/*" { mailbox = small }
                }
                serializers { json = "MyApp.Json, MyApp" }
                serialization-bindings {
                  "MyApp.IMessage, MyApp" = json
                  "System.Byte[]" = bytes
                }
                default-dispatcher { throughput = 10, throughput-deadline-time = 0ms }
              }

              remote.dot-netty.tcp {
                hostname = 0.0.0.0
                public-hostname = "node-1.example.com"
                port = 4053
                maximum-frame-size = 256000b
                enable-ssl = true
                ssl {
                  suppress-validation = false
                  certificate { path = "cert.pfx", password = "it's a secret" }
                }
              }

              cluster {
                seed-nodes = [
                  "akka.tcp://app@node-1.example.com:4053"
                  "akka.tcp://app@node-2.example.com:4053",
                ]
                roles = [web, "back end"]
                failure-detector.acceptable-heartbeat-pause = 10s
                split-brain-resolver { active-strategy = keep-majority, stable-after = 20s }
              }
            }

            blocking {
              type = ForkJoinDispatcher
              dedicated-thread-pool.thread-count = 4
            }

            my-app {
              base = /var/lib/my-app
              welcome = "Hello, \"world\""
              banner = "first line\nsecond"
              size = 1KiB
              rate = 2.5
              limits = [1, 2
                3]
            }
            """).WithFallback(ConfigurationFactory.Default());

        Assert.Equal("DEBUG", config.GetString("akka.loglevel"));
        Assert.True(config.GetBoolean("akka.log-config-on-start"));
        Assert.Equal("blocking", config.GetString("akka.actor.deployment./parent/worker.dispatcher"));
        Assert.Equal("small", config.GetValue("akka.actor.deployment.\"/singleton/*\".mailbox").GetString());
        Assert.Equal(TimeSpan.Zero, config.GetTimeSpan("akka.actor.default-dispatcher.throughput-deadline-time"));
        Assert.Equal("0.0.0.0", config.GetString("akka.remote.dot-netty.tcp.hostname"));
        Assert.Equal(256000, config.GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size"));
        Assert.Equal("it's a secret", config.GetString("akka.remote.dot-netty.tcp.ssl.certificate.password"));
        Assert.Equal(2, config.GetStringList("akka.cluster.seed-nodes").Count);
        Assert.Equal(["web", "back end"], config.GetStringList("akka.cluster.roles"));
        Assert.Equal(
            TimeSpan.FromSeconds(10), config.GetTimeSpan("akka.cluster.failure-detector.acceptable-heartbeat-pause"));
        Assert.Equal("/var/lib/my-app", config.GetString("my-app.base"));
        Assert.Equal("Hello, \"world\"", config.GetString("my-app.welcome"));
        Assert.Equal(1024, config.GetByteSize("my-app.size"));
        Assert.Equal(2.5, config.GetDouble("my-app.rate"));
        Assert.Equal([1, 2, 3], config.GetIntList("my-app.limits"));
        // Not in the text: the engine's own.
        Assert.True(config.HasPath("akka.coordinated-shutdown.phases"));
    }
}
