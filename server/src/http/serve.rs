//! Accepting connections, and HTTP on each of them until it ends or becomes a WebSocket.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tower::ServiceExt;
use tracing::error;

use super::router;
use crate::app::App;

/// How long requests may take that are under way when the server stops.
const FINISH_MAX: Duration = Duration::from_secs(2);

/// How long to wait when the system has no more sockets.
const ACCEPT_AGAIN: Duration = Duration::from_millis(500);

/// Accepts connections until the server stops.
pub async fn serve(listener: TcpListener, app: App) {
    let mut builder = Builder::new(TokioExecutor::new());
    // Half a request is as good as silence.
    builder.http1().timer(TokioTimer::new()).header_read_timeout(app.limits.hello_timeout);
    let under_way = GracefulShutdown::new();
    let router = router(app.clone());
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = app.stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, address)) => {
                let service = service_of(&stream, address, router.clone());
                let service = service_fn(service);
                let connection =
                    builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
                let connection = under_way.watch(connection.into_owned());
                // How a request ends is its sender's business.
                tokio::spawn(async move { connection.await.ok() });
            }
            Err(error) => {
                error!("a connection cannot be accepted: {error}");
                sleep(ACCEPT_AGAIN).await;
            }
        }
    }
    drop(listener);
    timeout(FINISH_MAX, under_way.shutdown()).await.ok();
}

/// What answers the requests of one connection.
fn service_of(
    stream: &TcpStream,
    address: SocketAddr,
    router: Router,
) -> impl Fn(Request<Incoming>) -> Answering + use<> {
    // Cursors are small packets that must not wait for one another. It fails only on dead sockets.
    stream.set_nodelay(true).ok();
    move |mut request| {
        request.extensions_mut().insert(ConnectInfo(address));
        Box::pin(router.clone().oneshot(request.map(Body::new)))
    }
}

/// A request that is being answered.
type Answering = std::pin::Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;
